import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createCaptureWriter } from "../../../src/capture/write/capture-writer.js";
import type { Peer } from "../../../src/fastcgi/constants.js";
import { encodeRecord } from "../../../src/fastcgi/record-encoder.js";
import type { Chunk, Connection } from "../../../src/inspect/chunk.js";
import { truthfulDraft } from "../../support/arbitraries.js";
import {
	bytesOf,
	newChunk,
	newConnection,
	REQUEST,
	RESPONSE,
} from "../../support/conversation.js";
import { readPcapng, readTags } from "../../support/read-pcapng.js";
import { CaptureMaker } from "../../support/written.js";

const START = { timestamp: 1_700_000_000.000123 };

function madeOf(
	link: "fcgi" | "tcp",
	chunks: readonly Chunk[],
	redacted = false,
) {
	const maker = new CaptureMaker(link, redacted);
	for (const chunk of chunks) {
		const bytes = Buffer.from(chunk.bytes);
		maker.push({ ...chunk, bytes });
		// What was handed out must not be a view.
		bytes.fill(0xee);
	}
	return readPcapng(maker.end().bytes);
}

/** Packets of records and bytes, told: dissector, unit, and how much was cut off. */
function units(file: ReturnType<typeof readPcapng>) {
	return file.packets.map(({ bytes, original, comments, time }) => {
		const { tags, unit } = readTags(bytes);
		return {
			dissector: tags.get(12)?.toString(),
			unit,
			cut: original - bytes.length,
			flags: tags.get(34)?.readUInt16BE(15) ?? 0,
			ports: [tags.get(25), tags.get(26)].map((port) => port?.readUInt32BE()),
			comments,
			time,
		};
	});
}

test("a capture without packets has a section and an interface", () => {
	for (const [link, linkType] of [
		["fcgi", 252],
		["tcp", 101],
	] as const) {
		const { packets, interfaces, application } = madeOf(link, []);
		assert.equal(packets.length, 0);
		assert.deepEqual(
			interfaces.map((one) => one.linkType),
			[linkType],
		);
		assert.equal(application, "test 1.0");
	}
});

test("each record is a packet, with its direction and its time", () => {
	const connection = newConnection(3, {
		webServer: "127.0.0.1:40000",
		application: "127.0.0.1:9000",
	});
	const file = madeOf("fcgi", [
		newChunk(connection, "webServer", REQUEST, START),
		newChunk(connection, "application", RESPONSE, {
			timestamp: START.timestamp + 0.5,
		}),
	]);
	const told = units(file);
	assert.deepEqual(
		told.map(({ dissector, unit, ports }) => [dissector, unit[1], ...ports]),
		[
			["fcgi", 1, 40000, 9000],
			["fcgi", 4, 40000, 9000],
			["fcgi", 4, 40000, 9000],
			["fcgi", 5, 40000, 9000],
			["fcgi", 6, 9000, 40000],
			["fcgi", 3, 9000, 40000],
		],
	);
	assert.deepEqual(
		Buffer.concat(told.map(({ unit }) => unit)),
		Buffer.concat([bytesOf(REQUEST), bytesOf(RESPONSE)]),
	);
	assert.deepEqual(
		[told[0]?.time, told[4]?.time],
		[1_700_000_000_000_123, 1_700_000_000_500_123],
	);
	assert.equal(file.interfaces[1]?.name, "127.0.0.1:9000");
});

/** Random records with rubbish between them, as the bytes of one direction. */
const direction: fc.Arbitrary<Buffer> = fc
	.array(
		fc.oneof(
			{ weight: 4, arbitrary: truthfulDraft.map(encodeRecord) },
			{
				weight: 1,
				arbitrary: fc
					.uint8Array({ maxLength: 300 })
					.map((bytes) => Buffer.from(bytes)),
			},
		),
		{ maxLength: 12 },
	)
	.map((pieces) => Buffer.concat(pieces));

const cuts = fc.array(fc.nat(3000), { maxLength: 20 });

function cutAt(
	connection: Connection,
	from: Peer,
	bytes: Buffer,
	places: readonly number[],
): Chunk[] {
	const sorted = [...places, bytes.length].sort((a, b) => a - b);
	let at = 0;
	return sorted
		.filter((place) => place <= bytes.length)
		.map((place) => {
			const chunk = newChunk(connection, from, bytes.subarray(at, place));
			at = place;
			return chunk;
		});
}

test("however chunks are cut, the packets of records are the same, and every byte is in one", () => {
	fc.assert(
		fc.property(direction, cuts, fc.boolean(), (bytes, places, startSeen) => {
			const connection = newConnection(0, { startSeen });
			const whole = madeOf("fcgi", [newChunk(connection, "webServer", bytes)]);
			const cut = madeOf("fcgi", cutAt(connection, "webServer", bytes, places));
			assert.deepEqual(units(cut), units(whole));
			const all = Buffer.concat(units(whole).map(({ unit }) => unit));
			assert.deepEqual(all, bytes);
		}),
		{ numRuns: 300 },
	);
});

test("in TCP, segments carry the bytes as they came, each once", () => {
	fc.assert(
		fc.property(direction, cuts, fc.boolean(), (bytes, places, redacted) => {
			const connection = newConnection(0);
			const chunks = cutAt(connection, "webServer", bytes, places);
			const { packets } = madeOf("tcp", chunks, redacted);
			const payloads = packets
				.filter((packet) => packet.bytes.readUInt16BE(22) === 9000)
				.map((packet) => packet.bytes.subarray(20))
				.map((segment) => segment.subarray((segment[12] as number) >> 2));
			const all = Buffer.concat(payloads);
			assert.equal(all.length, bytes.length);
			if (!redacted) assert.deepEqual(all, bytes);
		}),
		{ numRuns: 200 },
	);
});

test("at any moment, what was handed out is a whole file", () => {
	const connection = newConnection();
	for (const link of ["fcgi", "tcp"] as const) {
		const maker = new CaptureMaker(link);
		const lengths = cutAt(
			connection,
			"webServer",
			bytesOf(REQUEST),
			[3, 9, 20, 33],
		).map((chunk) => maker.push(chunk));
		const { bytes } = maker.end();
		for (const length of lengths) readPcapng(bytes.subarray(0, length));
	}
});

test("bytes that are no record are written long before somebody says so", () => {
	const connection = newConnection();
	const rubbish = Buffer.alloc(2 ** 20, "HTTP/1.1 400 Bad Request\r\n");
	const maker = new CaptureMaker("fcgi");
	let handedOut = 0;
	for (let at = 0; at < rubbish.length; at += 8192) {
		const bytes = rubbish.subarray(at, at + 8192);
		handedOut = maker.push(newChunk(connection, "application", bytes));
	}
	assert.ok(handedOut > 2 ** 20 - 200_000, `${handedOut}`);
	const told = units(readPcapng(maker.end().bytes));
	assert.deepEqual(Buffer.concat(told.map(({ unit }) => unit)), rubbish);
	assert.deepEqual(
		new Set(told.map(({ dissector }) => dissector)),
		new Set(["data"]),
	);
});

test("where secrets are replaced, bytes that are no record are stars", () => {
	const connection = newConnection();
	const chunks = [
		newChunk(
			connection,
			"webServer",
			Buffer.from("password=hunter2!\n".repeat(9)),
		),
		newChunk(connection, "webServer", REQUEST),
	];
	for (const link of ["fcgi", "tcp"] as const) {
		const file = madeOf(link, chunks, true);
		const all = Buffer.concat(file.packets.map(({ bytes }) => bytes));
		assert.ok(!all.includes("hunter"), link);
		assert.ok(all.includes("*".repeat(18 * 9)), link);
	}
});

test("a record with a hole is cut there, and its rest is data", () => {
	const connection = newConnection();
	const record = encodeRecord({
		type: 6,
		requestId: 1,
		contentData: Buffer.from("0123456789"),
		paddingLength: 6,
	});
	const file = madeOf("fcgi", [
		newChunk(connection, "application", record.subarray(0, 11)),
		newChunk(connection, "application", record.subarray(15), {
			missingBefore: 4,
		}),
	]);
	assert.deepEqual(
		units(file).map(({ dissector, unit, cut }) => [
			dissector,
			unit.toString("latin1", 0, 30),
			cut,
		]),
		[
			["fcgi", record.toString("latin1", 0, 11), 13],
			["data", record.toString("latin1", 15), 0],
		],
	);
});

test("a record that is cut off says how long it would have been", () => {
	const connection = newConnection();
	const bytes = bytesOf(RESPONSE).subarray(0, 20);
	const file = madeOf("fcgi", [
		newChunk(connection, "application", bytes, { closes: "rst" }),
	]);
	const [record, closing] = units(file);
	assert.deepEqual(record?.unit, bytes);
	const contentLength = bytes.readUInt16BE(4);
	assert.equal(record?.cut, 8 + contentLength + (bytes[6] as number) - 20);
	assert.equal(closing?.flags, 4);
	assert.equal(closing?.dissector, "data");
});

test("what is missing between records is a packet of which nothing is there", () => {
	const connection = newConnection();
	const file = madeOf("fcgi", [
		newChunk(connection, "webServer", REQUEST),
		newChunk(connection, "webServer", REQUEST, { missingBefore: 1000 }),
	]);
	const gap = units(file).find(({ dissector }) => dissector === "data");
	assert.deepEqual([gap?.unit.length, gap?.cut], [0, 1000]);
});

test("findings are comments on the packet of their record, of the record that ended their request, or of the closing", () => {
	const connection = newConnection();
	const other = newConnection(1);
	const short = `{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}
{FCGI_PARAMS, 1, [REQUEST_METHOD="POST", CONTENT_LENGTH="10"]}
{FCGI_PARAMS, 1, ""}
{FCGI_STDIN, 1, "abcd"}
{FCGI_STDIN, 1, ""}`;
	const file = madeOf("fcgi", [
		newChunk(connection, "webServer", short, START),
		newChunk(connection, "application", RESPONSE, START),
		newChunk(other, "webServer", REQUEST, START),
		newChunk(other, "application", Buffer.alloc(0), {
			...START,
			closes: "fin",
		}),
	]);
	const commented = units(file).flatMap(({ unit, flags, comments }) =>
		comments.map((comment) => [unit[1], flags, comment.split(",")[0]]),
	);
	assert.deepEqual(commented, [
		[5, 0, "error stdin-shorter-than-content-length"],
		[undefined, 1, "error closed-without-response"],
	]);
	const tcp = madeOf("tcp", [
		newChunk(connection, "webServer", short, START),
		newChunk(connection, "application", RESPONSE, START),
	]);
	const told = tcp.packets.flatMap(({ comments }) => comments);
	assert.match(
		told.join(),
		/^error stdin-shorter-than-content-length, request 1: CONTENT_LENGTH/,
	);
});

test("without times, all is at the start of 1970", () => {
	const connection = newConnection();
	for (const link of ["fcgi", "tcp"] as const) {
		const { packets } = madeOf(link, [
			newChunk(connection, "webServer", REQUEST),
		]);
		assert.deepEqual(new Set(packets.map(({ time }) => time)), new Set([0]));
	}
});

test("on a connection, times do not run backwards", () => {
	const connection = newConnection();
	const at = (timestamp: number) => ({ timestamp });
	const { packets } = madeOf("tcp", [
		newChunk(connection, "webServer", REQUEST, at(20)),
		newChunk(connection, "application", RESPONSE, at(10)),
		newChunk(newConnection(1), "webServer", REQUEST, at(11)),
	]);
	const times = packets.map(({ time }) => time / 1e6);
	assert.deepEqual(times, [20, 20, 20, 20, 20, 11, 11, 11, 11]);
});

test("an application without an address has its name beside each packet", () => {
	const paths = ["/run/php.sock", "@abstract\u001b[31m", undefined];
	const chunks = paths.map((application, number) =>
		newChunk(
			newConnection(number, application === undefined ? {} : { application }),
			"webServer",
			REQUEST,
		),
	);
	const { packets, interfaces } = madeOf("fcgi", chunks);
	const names = new Set(
		packets.map(({ interfaceId }) => interfaces[interfaceId]?.name),
	);
	assert.deepEqual(
		[...names],
		["/run/php.sock", "@abstract\\u{1b}[31m", "FastCGI"],
	);
});

test("what no event told of, because whoever makes them has failed, is written when its direction ends", () => {
	const writer = createCaptureWriter({
		link: "fcgi",
		redacted: false,
		application: "test",
	});
	const connection = newConnection();
	const bytes = bytesOf(REQUEST);
	const blocks = [
		...writer.start(),
		...writer.push(newChunk(connection, "webServer", bytes), []),
		...writer.push(
			newChunk(connection, "webServer", Buffer.alloc(0), { closes: "fin" }),
			[],
		),
		...writer.end([]),
	];
	const told = units(readPcapng(Buffer.concat(blocks)));
	assert.deepEqual(Buffer.concat(told.map(({ unit }) => unit)), bytes);
	assert.equal(told.length, 2);
});
