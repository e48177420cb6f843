// Which connections are FastCGI, and which of their ends is the web server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketsToChunks } from "../../../src/capture/network/packets-to-chunks.js";
import type { Chunk } from "../../../src/inspect/chunk.js";
import {
	ACK,
	type Crafted,
	emptyReport,
	FIN,
	ownedChunk,
	packetMaker,
	REQUEST,
	RESPONSE,
	RST,
	record,
	SYN,
} from "../network/crafted.js";

const HTTP = Buffer.from("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

class Capture {
	readonly chunks: Chunk[] = [];
	readonly report = emptyReport();
	readonly #stage: PacketsToChunks;
	readonly #packet = packetMaker();

	constructor(ports: readonly number[] = []) {
		this.#stage = new PacketsToChunks({ ports }, this.report);
	}

	send(crafted: Crafted): this {
		const packet = this.#packet(crafted);
		this.chunks.push(...this.#stage.push(packet).map(ownedChunk));
		packet.bytes.fill(0xee);
		return this;
	}

	/** The handshake of a connection with sequence numbers 100 and 500. */
	open(ends: Partial<Crafted> = {}): this {
		return this.send({
			...ends,
			from: "client",
			sequence: 100,
			flags: SYN,
		}).send({
			...ends,
			from: "server",
			sequence: 500,
			ack: 101,
			flags: SYN,
		});
	}

	client(sequence: number, payload: Buffer, rest: Partial<Crafted> = {}): this {
		return this.send({ from: "client", sequence, payload, ...rest });
	}

	server(sequence: number, payload: Buffer, rest: Partial<Crafted> = {}): this {
		return this.send({ from: "server", sequence, payload, ...rest });
	}

	end(): this {
		this.chunks.push(...this.#stage.end().map(ownedChunk));
		return this;
	}

	/** Bytes that each end of a connection was taken to have sent. */
	sent(number = 0) {
		const chunks = this.chunks.filter((c) => c.connection.number === number);
		const of = (from: string) =>
			Buffer.concat(chunks.filter((c) => c.from === from).map((c) => c.bytes));
		return { webServer: of("webServer"), application: of("application") };
	}

	get connections(): number {
		return new Set(this.chunks.map((chunk) => chunk.connection)).size;
	}
}

test("a connection is recognised by its first record, and described", () => {
	const capture = new Capture().open().client(101, REQUEST);
	assert.equal(capture.chunks.length, 1);
	capture.server(501, RESPONSE).end();
	assert.deepEqual(capture.chunks[0]?.connection, {
		number: 0,
		webServer: "10.0.0.1:40000",
		application: "10.0.0.2:9000",
		openedAt: 1,
		startSeen: true,
	});
	assert.equal(capture.chunks[0]?.connection, capture.chunks[1]?.connection);
	assert.deepEqual(capture.sent(), {
		webServer: REQUEST,
		application: RESPONSE,
	});
	assert.equal(capture.report.otherConnections, 0);
});

test("chunks tell time, frame and closing", () => {
	const capture = new Capture()
		.open()
		.client(101, REQUEST, { flags: FIN })
		.server(501, RESPONSE, { flags: RST });
	const told = capture.chunks.map(
		({ from, timestamp, frame, closes, missingBefore }) => [
			from,
			timestamp,
			frame,
			closes,
			missingBefore,
		],
	);
	assert.deepEqual(told, [
		["webServer", 3, 3, "fin", 0],
		["application", 4, 4, "rst", 0],
	]);
});

for (let pieces = 1; pieces <= 20; pieces++) {
	test(`a first record that comes in pieces of ${pieces} bytes is held and replayed with its own times`, () => {
		const capture = new Capture().open();
		for (let at = 0; at < REQUEST.length; at += pieces) {
			capture.client(101 + at, REQUEST.subarray(at, at + pieces));
		}
		capture.end();
		assert.deepEqual(capture.sent().webServer, REQUEST);
		const frames = capture.chunks.map(({ frame }) => frame);
		const count = Math.ceil(REQUEST.length / pieces);
		assert.deepEqual(
			frames,
			Array.from({ length: count }, (_, i) => i + 3),
		);
		assert.deepEqual(
			capture.chunks.map((c) => c.timestamp),
			frames,
		);
	});
}

/** First bytes of a web server that are recognised at once. */
const BEGINNINGS: readonly (readonly [string, Buffer])[] = [
	["BEGIN_REQUEST alone", record(1, Buffer.from([0, 1, 1, 0, 0, 0, 0, 0]))],
	["the header of BEGIN_REQUEST alone", REQUEST.subarray(0, 8)],
	["GET_VALUES", record(9, Buffer.from("\x0e\0FCGI_MAX_CONNS", "latin1"), 0)],
	[
		"BEGIN_REQUEST and a record of another version",
		Buffer.concat([
			REQUEST.subarray(0, 16),
			Buffer.from([2, 4, 0, 1, 0, 0, 0, 0]),
		]),
	],
	["PARAMS and more of them", Buffer.concat([record(4, HTTP), record(4)])],
];

for (const [what, bytes] of BEGINNINGS) {
	test(`${what} is FastCGI`, () => {
		const capture = new Capture().open().client(101, bytes);
		assert.deepEqual(capture.sent().webServer, bytes);
	});
}

/** First bytes of both ends that are not FastCGI. */
const OTHERS: readonly (readonly [string, Buffer, Buffer])[] = [
	["HTTP", HTTP, Buffer.from("HTTP/1.1 200 OK\r\n\r\n")],
	["bytes of 1", Buffer.alloc(300, 1), Buffer.alloc(300, 1)],
	["zeros", Buffer.alloc(300), Buffer.alloc(300)],
	[
		"a BEGIN_REQUEST of an unknown role, and then no record",
		Buffer.concat([record(1, Buffer.alloc(8, 0xff)), HTTP]),
		HTTP,
	],
	["a server that greets", HTTP, Buffer.from("220 ready\r\n")],
	["application's records from the client", RESPONSE, HTTP],
];

for (const [what, ask, answer] of OTHERS) {
	test(`${what}: no FastCGI, and counted as another connection`, () => {
		const capture = new Capture()
			.open()
			.client(101, ask)
			.server(501, answer)
			.client(101 + ask.length, REQUEST)
			.end();
		assert.deepEqual(capture.chunks, []);
		assert.equal(capture.report.otherConnections, 1);
	});
}

test("what an application answers proves FastCGI, whatever it was asked", () => {
	const capture = new Capture()
		.open()
		.client(101, Buffer.from([1, 99, 0, 0, 0, 0, 0, 0]))
		.server(501, Buffer.concat([record(11, Buffer.alloc(8), 0), RESPONSE]));
	assert.equal(capture.connections, 1);
	assert.equal(capture.sent().webServer.length, 8);
});

test("an answer of one record proves it at the close", () => {
	const capture = new Capture()
		.open()
		.client(101, Buffer.from([1, 99, 0, 0, 0, 0, 0, 0]), { flags: FIN })
		.server(501, record(11, Buffer.alloc(8), 0));
	assert.equal(capture.chunks.length, 0);
	capture.server(501 + 16, Buffer.alloc(0), { flags: FIN });
	assert.deepEqual(
		capture.chunks.map(({ from, closes }) => [from, closes]),
		[
			["webServer", "fin"],
			["application", undefined],
			["application", "fin"],
		],
	);
});

test("an application's address that is known makes later connections FastCGI at once", () => {
	const later = { clientPort: 40001 };
	const capture = new Capture()
		.open()
		.client(101, REQUEST)
		.open(later)
		.client(101, HTTP, later)
		.server(501, Buffer.alloc(0), { ...later, flags: RST });
	assert.equal(capture.connections, 2);
	assert.deepEqual(capture.sent(1).webServer, HTTP);
	assert.equal(capture.chunks.at(-1)?.closes, "rst");
});

test("a connection still in doubt is decided when its address becomes known", () => {
	const doubtful = { clientPort: 40001 };
	const capture = new Capture()
		.open(doubtful)
		.client(101, HTTP, doubtful)
		.open()
		.client(101, REQUEST)
		.client(101 + HTTP.length, HTTP, doubtful);
	assert.equal(capture.connections, 2);
	assert.deepEqual(capture.sent(1).webServer, Buffer.concat([HTTP, HTTP]));
});

test("a connection to a known address that is refused is said to be", () => {
	const later = { clientPort: 40001 };
	const capture = new Capture()
		.open()
		.client(101, REQUEST)
		.send({ from: "client", sequence: 100, flags: SYN, ...later })
		.send({ from: "server", sequence: 0, ack: 101, flags: RST, ...later });
	const connections = capture.chunks.map((chunk) => chunk.connection);
	assert.deepEqual(
		connections.map(({ refused }) => refused),
		[undefined, true],
	);
});

test("a connection that was opened, then reset, was not refused", () => {
	const capture = new Capture([9000])
		.open()
		.send({ from: "client", sequence: 101, ack: 501, flags: ACK })
		.send({ from: "server", sequence: 501, ack: 101, flags: RST });
	assert.equal(capture.chunks.at(-1)?.closes, "rst");
	assert.equal(capture.chunks.at(-1)?.connection.refused, undefined);
});

test("a reset that answers more than the SYN, or another end's, is no refusal", () => {
	const syn = { from: "client", sequence: 100, flags: SYN } as const;
	const resets: Crafted[] = [
		{ from: "server", sequence: 0, ack: 605, flags: RST },
		{ from: "server", sequence: 501, ack: 101, flags: RST },
		{ from: "client", sequence: 101, flags: RST },
	];
	for (const reset of resets) {
		const capture = new Capture([9000]).send(syn).send(reset).end();
		assert.equal(capture.chunks.at(-1)?.closes, "rst");
		assert.equal(capture.chunks.at(-1)?.connection.refused, undefined);
	}
});

test("an answer that was first heard of behind its start has no known start", () => {
	const capture = new Capture([9000])
		.send({ from: "client", sequence: 100, flags: SYN })
		.client(101 + REQUEST.length, REQUEST, { ack: 933 })
		.send({ from: "server", sequence: 933, ack: 101 + 2 * REQUEST.length });
	assert.equal(capture.chunks[0]?.connection.startSeen, false);
});

test("a port that is named makes every connection to it FastCGI, one that was refused too", () => {
	const capture = new Capture([9000])
		.send({ from: "client", sequence: 100, flags: SYN })
		.send({ from: "server", sequence: 0, ack: 101, flags: RST });
	assert.deepEqual(capture.chunks, [
		{
			connection: {
				number: 0,
				webServer: "10.0.0.1:40000",
				application: "10.0.0.2:9000",
				startSeen: true,
				openedAt: 1,
				refused: true,
			},
			from: "application",
			timestamp: 2,
			bytes: Buffer.alloc(0),
			frame: 2,
			missingBefore: 0,
			closes: "rst",
		},
	]);
});

test("a named port tells the ends apart where no SYN was captured, whoever is seen first", () => {
	for (const first of ["client", "server"] as const) {
		const capture = new Capture([9000]);
		if (first === "server") capture.server(1, HTTP);
		capture.client(1, HTTP).server(1, HTTP);
		assert.deepEqual(
			capture.sent(),
			{ webServer: HTTP, application: HTTP },
			first,
		);
		assert.equal(capture.chunks[0]?.connection.startSeen, false);
	}
});

test("a connecting end that happens to have a named port is no application", () => {
	const ends = { clientPort: 9000, serverPort: 80 };
	const capture = new Capture([9000]).open(ends).client(101, HTTP, ends);
	assert.deepEqual(capture.server(501, HTTP, ends).chunks, []);
});

for (const first of ["client", "server"] as const) {
	test(`without a SYN, the ${first}'s records tell the ends apart`, () => {
		const half = first === "client" ? REQUEST : RESPONSE;
		const tail = Buffer.concat([Buffer.from("rest of a record"), half]);
		const capture = new Capture();
		capture.send({ from: first, sequence: 1, payload: tail });
		assert.equal(capture.connections, 1);
		const key = first === "client" ? "webServer" : "application";
		assert.deepEqual(capture.sent()[key], tail);
		assert.deepEqual(capture.chunks[0]?.connection, {
			number: 0,
			webServer: "10.0.0.1:40000",
			application: "10.0.0.2:9000",
			startSeen: false,
		});
	});
}

test("without a SYN, the side seen second may be the one that tells", () => {
	const capture = new Capture()
		.client(1, Buffer.alloc(3000, "body"))
		.server(1, RESPONSE);
	assert.equal(capture.sent().webServer.length, 3000);
	assert.deepEqual(capture.sent().application, RESPONSE);
});

test("where the first bytes were lost, records are searched for behind them", () => {
	const capture = new Capture()
		.open()
		.client(101 + 50, Buffer.concat([HTTP, REQUEST]))
		.server(501, Buffer.alloc(0), {
			ack: 101 + 50 + HTTP.length + REQUEST.length,
		});
	assert.equal(capture.connections, 1);
	assert.equal(capture.chunks[0]?.missingBefore, 50);
	assert.equal(capture.chunks[0]?.connection.startSeen, true);
});

test("records are not put together across a hole", () => {
	// Were the 24 missing bytes not there, the first record would end at the second.
	const behind = Buffer.concat([Buffer.alloc(24), record(5), HTTP]);
	const capture = new Capture()
		.client(1, record(5, Buffer.alloc(40)).subarray(0, 24))
		.client(49, behind)
		.server(1, HTTP, { ack: 49 + behind.length })
		.end();
	assert.deepEqual(capture.chunks, []);
});

test("no more is held of a connection than it takes to decide", () => {
	const capture = new Capture();
	const noise = Buffer.alloc(60_000, "noise");
	capture.open();
	for (let at = 0; at < 10; at++)
		capture.client(101 + at * noise.length, noise);
	// The answer that would have proved it comes too late.
	capture.server(501, RESPONSE).end();
	assert.deepEqual(capture.chunks, []);
	assert.equal(capture.report.otherConnections, 1);
});

test("where many connections are in doubt, those that wait longest are left first", () => {
	const capture = new Capture();
	const noise = Buffer.alloc(60_000, "noise");
	const count = 600;
	const ends = (i: number) => ({ clientPort: 1000 + i });
	for (let i = 0; i < count; i++) {
		capture.open(ends(i));
		for (let at = 0; at < 4; at++) {
			capture.client(101 + at * noise.length, noise, ends(i));
		}
	}
	capture.server(501, RESPONSE, ends(0)).server(501, RESPONSE, ends(count - 1));
	assert.equal(capture.connections, 1);
	const [chunk] = capture.chunks;
	assert.equal(chunk?.connection.webServer, `10.0.0.1:${1000 + count - 1}`);
});

test("connections without a byte are not counted as others", () => {
	const capture = new Capture()
		.open()
		.client(101, Buffer.alloc(0), { ack: 501, flags: FIN | ACK })
		.server(501, Buffer.alloc(0), { ack: 102, flags: FIN })
		.end();
	assert.deepEqual(capture.chunks, []);
	assert.equal(capture.report.otherConnections, 0);
	assert.deepEqual(capture.report.remarks, [
		"1 TCP connection without a byte of payload",
	]);
});
