import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { DumpedBytes } from "../../../src/capture/dump/dumped-bytes.js";
import { RawBytes } from "../../../src/capture/dump/raw-bytes.js";
import { raw } from "../../../src/capture/dump/raw-format.js";
import type { Chunk } from "../../../src/inspect/chunk.js";
import { assertCutBlind } from "../../support/any-cut.js";
import { toldBy } from "../../support/told-event.js";
import { emptyReport, record } from "../network/crafted.js";

const HEX = new URL("../../../../captures/hex/", import.meta.url);
const REQUEST = readFileSync(new URL("request.bin", HEX));
const RESPONSE = readFileSync(new URL("response.bin", HEX));
const OPTIONS = { ports: [], live: false };

function dumped(bytes: Buffer, begins = false): DumpedBytes {
	return { bytes, missingBefore: 0, begins };
}

function chunksOf(...dumps: readonly DumpedBytes[]) {
	const report = emptyReport();
	const stage = new RawBytes(report);
	const chunks: Chunk[] = [];
	for (const dump of dumps) chunks.push(...stage.push(dump));
	chunks.push(...stage.end());
	return { chunks, report };
}

/** `>` for bytes of the web server, `<` for the application's, with their connection: what was told, in short. */
function short(chunks: readonly Chunk[]): string[] {
	return chunks.map(
		({ connection, from, bytes, missingBefore }) =>
			`${connection.number}${from === "webServer" ? ">" : "<"}${missingBefore > 0 ? `(${missingBefore})` : ""}${bytes.length}`,
	);
}

function bytesFrom(chunks: readonly Chunk[], from: string): Buffer {
	return Buffer.concat(
		chunks.filter((chunk) => chunk.from === from).map(({ bytes }) => bytes),
	);
}

const begin = (id = 1) => record(1, Buffer.of(0, 1, 0, 0, 0, 0, 0, 0), id);
const stdin = (text: string, id = 1) => record(5, Buffer.from(text), id);
const stdout = (text: string, id = 1) => record(6, Buffer.from(text), id);
const end = (id = 1) => record(3, Buffer.alloc(8), id);

test("one direction is one stream, and both in one file are told apart", () => {
	const one = chunksOf(dumped(REQUEST, true)).chunks;
	assert.deepEqual(bytesFrom(one, "webServer"), REQUEST);
	assert.equal(one[0]?.connection.startSeen, true);
	const both = chunksOf(
		dumped(Buffer.concat([REQUEST, RESPONSE, REQUEST, RESPONSE]), true),
	).chunks;
	assert.deepEqual(
		bytesFrom(both, "webServer"),
		Buffer.concat([REQUEST, REQUEST]),
	);
	assert.deepEqual(
		bytesFrom(both, "application"),
		Buffer.concat([RESPONSE, RESPONSE]),
	);
	assert.equal(new Set(both.map(({ connection }) => connection)).size, 1);
});

test("what decodes does not depend on how the bytes are cut", () => {
	const unknown = Buffer.from([1, 42, 0, 1, 0, 2, 0, 0, 9, 9]);
	const wrongVersion = Buffer.from([0, 6, 0, 1, 0, 1, 0, 0, 120]);
	const inputs = {
		both: Buffer.concat([REQUEST, RESPONSE.subarray(0, 300)]),
		"an unknown type": Buffer.concat([begin(), unknown, stdout("x"), end()]),
		"a wrong version": Buffer.concat([wrongVersion, stdout("x"), end()]),
		"rubbish in the middle": Buffer.concat([
			begin(),
			Buffer.from("rubbish\x01\x01\x01"),
			stdin("abc"),
			stdin(""),
			stdout("answer"),
			end(),
		]),
		"a start in the middle": Buffer.concat([
			REQUEST.subarray(100),
			stdout("x"),
		]),
		"no record": Buffer.from("GET / HTTP/1.1\r\n\r\n"),
	};
	for (const input of Object.values(inputs)) {
		assertCutBlind(() => toldBy(raw.open(OPTIONS, emptyReport())), input);
	}
});

test("an unknown type belongs to the sender of the record before, on either side", () => {
	const unknown = Buffer.from([1, 42, 0, 1, 0, 2, 0, 0, 9, 9]);
	const bytes = Buffer.concat([begin(), unknown, stdout(""), unknown, end()]);
	const { chunks } = chunksOf(dumped(bytes, true));
	assert.deepEqual(short(chunks), ["0>26", "0<34"]);
});

test("a start in the middle of a record is handed on, and not called the start", () => {
	const bytes = Buffer.concat([REQUEST.subarray(100), RESPONSE]);
	const { chunks, report } = chunksOf(dumped(bytes, true));
	assert.equal(chunks[0]?.connection.startSeen, false);
	assert.deepEqual(bytesFrom(chunks, "webServer"), REQUEST.subarray(100));
	assert.deepEqual(bytesFrom(chunks, "application"), RESPONSE);
	assert.deepEqual(report.remarks, []);
});

test("bytes without any header make no connection, and are said", () => {
	const { chunks, report } = chunksOf(dumped(Buffer.alloc(200_000, 7), true));
	assert.deepEqual(chunks, []);
	assert.match(report.remarks.join(), /^no record header found in \d+ bytes/);
});

test("a record that announces more than is there is handed on, and the end said to be in its middle", () => {
	const { chunks, report } = chunksOf(dumped(REQUEST.subarray(0, 500), true));
	assert.deepEqual(bytesFrom(chunks, "webServer"), REQUEST.subarray(0, 500));
	assert.equal(report.truncated, true);
	assert.match(report.remarks.join(), /356 bytes more should follow/);
});

test("an answer dumped behind its request is on the same connection, the next request as well", () => {
	const { chunks } = chunksOf(
		dumped(REQUEST, true),
		dumped(RESPONSE, true),
		dumped(REQUEST, true),
	);
	assert.deepEqual(
		chunks.map(({ connection }) => connection.number),
		[0, 0, 0],
	);
});

test("a request dumped while its id is in use is on another connection", () => {
	const { chunks } = chunksOf(
		dumped(begin(), true),
		dumped(begin(3), true),
		dumped(begin(1), true),
		dumped(end(1), true),
	);
	assert.deepEqual(short(chunks), ["0>16", "0>16", "1>16", "1<16"]);
});

test("a dump that starts with no header goes on with the record under way, as where each read was dumped", () => {
	const bytes = stdin("0123456789");
	const { chunks, report } = chunksOf(
		dumped(begin(), true),
		dumped(bytes.subarray(0, 8), true),
		dumped(bytes.subarray(8), true),
		dumped(end(), true),
	);
	assert.deepEqual(
		bytesFrom(chunks, "webServer"),
		Buffer.concat([begin(), bytes]),
	);
	assert.deepEqual(report.remarks, []);
	assert.equal(report.truncated, false);
});

test("a dump that starts with a header cuts the record under way", () => {
	const { chunks, report } = chunksOf(
		dumped(begin(), true),
		dumped(stdin("0123456789").subarray(0, 12), true),
		dumped(stdin("next"), true),
	);
	assert.deepEqual(short(chunks), ["0>16", "0>12", "0>(6)0", "0>12"]);
	assert.match(report.remarks.join(), /^1 record cut off/);
});

test("missing bytes within a record keep the framing, and others lose it", () => {
	const long = stdin("0123456789");
	const within = chunksOf(
		dumped(Buffer.concat([begin(), long.subarray(0, 10)]), true),
		{ bytes: long.subarray(14), missingBefore: 4, begins: false },
		dumped(Buffer.concat([stdout("x"), end()])),
	).chunks;
	assert.deepEqual(short(within), ["0>26", "0>(4)0", "0>4", "0<25"]);
	const beyond = chunksOf(
		dumped(Buffer.concat([begin(), long.subarray(0, 10)]), true),
		{
			bytes: Buffer.concat([Buffer.from("tail"), stdout("x"), end()]),
			missingBefore: undefined,
			begins: false,
		},
	).chunks;
	assert.deepEqual(short(beyond), ["0>26", "0>(9)0", "0>4", "0<25"]);
});

test("no byte is lost or changes its place within a direction, whatever comes", () => {
	const piece = fc.oneof(
		fc.constant(begin()),
		fc.constant(stdout("some text")),
		fc.constant(stdin("some text")),
		fc.constant(end()),
		fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
	);
	fc.assert(
		fc.property(
			fc.array(piece, { maxLength: 12 }),
			fc.array(fc.boolean(), { maxLength: 12 }),
			(pieces, anew) => {
				const dumps = pieces.map((bytes, i) => dumped(bytes, anew[i] ?? false));
				const input = Buffer.concat([begin(), ...pieces]);
				const { chunks } = chunksOf(dumped(begin(), true), ...dumps);
				const output = Buffer.concat(chunks.map(({ bytes }) => bytes));
				assert.deepEqual(output, input);
			},
		),
	);
});

test("it holds no more than a window to search", () => {
	const stage = new RawBytes(emptyReport());
	let out = 0;
	const hostile = Buffer.concat([
		begin(),
		Buffer.alloc(1000, Buffer.from([1, 6, 0, 1, 255, 255, 255, 0, 7])),
	]);
	for (let i = 0; i < 400; i++) {
		for (const { bytes } of stage.push(dumped(hostile))) out += bytes.length;
	}
	assert.ok(400 * hostile.length - out < 70_000, `${out}`);
});
