// Random streams, cut into random segments that come late, twice, overlapping, in part or not at all, against an oracle
// that writes the bytes down where they belong.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	MAX_HELD_IN_TOTAL,
	MAX_HELD_PER_STREAM,
} from "../../../src/capture/network/held-segments.js";
import { TcpReassembly } from "../../../src/capture/network/tcp-reassembly.js";
import type { Piece } from "../../../src/capture/recognition/flow.js";
import {
	type Crafted,
	FIN,
	feed,
	owned,
	packetMaker,
	RST,
	SYN,
} from "./crafted.js";

/** Initial sequence numbers: anything, and often just before numbers start again from 0. */
const isns = fc.oneof(
	fc.nat(0xffff_ffff),
	fc.nat(300).map((before) => 0xffff_ffff - before),
	fc.nat(300).map((before) => 0x7fff_ffff - before),
);

/** A stream, and a cut of it into segments. */
const streams = fc
	.tuple(
		fc.uint8Array({ minLength: 1, maxLength: 400, size: "max" }),
		fc.infiniteStream(fc.integer({ min: 1, max: 60 })),
	)
	.map(([array, lengths]) => {
		const bytes = Buffer.from(array);
		const segments: Range[] = [];
		for (let at = 0; at < bytes.length; ) {
			const to = Math.min(at + (lengths.next().value ?? 1), bytes.length);
			segments.push({ from: at, to });
			at = to;
		}
		return { bytes, segments };
	});

interface Range {
	readonly from: number;
	readonly to: number;
}

/** Segments that repeat parts of the stream, as retransmissions do. */
const repeats = fc.array(
	fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 90 })),
	{
		maxLength: 12,
		size: "max",
	},
);

function clipped(
	repeated: readonly (readonly [number, number])[],
	segments: readonly Range[],
	length: number,
) {
	return repeated
		.map(([at, size]) => {
			// Every other one starts where a segment does.
			const start = segments[at % segments.length]?.from ?? 0;
			const from = at % 2 === 0 ? start : at % length;
			return { from, to: Math.min(from + size, length) };
		})
		.filter(({ from, to }) => to > from);
}

/** What came out, byte for byte: a number where a byte is, `undefined` where one is missing. */
function laidOut(pieces: readonly Piece[]): (number | undefined)[] {
	return pieces.flatMap(({ missingBefore, bytes }) => [
		...Array.from({ length: missingBefore }, () => undefined),
		...bytes,
	]);
}

class Conversation {
	readonly pieces: Piece[] = [];
	readonly #reassembly = new TcpReassembly();
	readonly #packet = packetMaker();

	send(crafted: Crafted): void {
		this.pieces.push(...feed(this.#reassembly, this.#packet(crafted)));
	}

	end(): void {
		const last: Piece[] = [];
		this.#reassembly.end(last);
		this.pieces.push(...last.map(owned));
	}
}

test("segments in any order, repeated and overlapping, make the stream", () => {
	fc.assert(
		fc.property(
			isns,
			streams,
			repeats,
			fc.infiniteStream(fc.nat()),
			fc.boolean(),
			(isn, { bytes, segments }, repeated, order, finOnLast) => {
				const conversation = new Conversation();
				conversation.send({ from: "client", sequence: isn, flags: SYN });
				const all = [...segments, ...clipped(repeated, segments, bytes.length)];
				if (!finOnLast) all.push({ from: bytes.length, to: bytes.length });
				const shuffled = all
					.map((range) => ({ range, key: order.next().value ?? 0 }))
					.sort((a, b) => a.key - b.key);
				for (const { range } of shuffled) {
					const ends = range.to === bytes.length;
					const fin = ends && (finOnLast || range.from === range.to);
					conversation.send({
						from: "client",
						sequence: isn + 1 + range.from,
						payload: bytes.subarray(range.from, range.to),
						flags: fin ? FIN : 0,
					});
				}
				assert.deepEqual(laidOut(conversation.pieces), [...bytes]);
				const closes = conversation.pieces.map((piece) => piece.closes);
				assert.deepEqual(closes.filter(Boolean), ["fin"]);
				assert.equal(closes.at(-1), "fin");
				conversation.end();
				assert.deepEqual(laidOut(conversation.pieces), [...bytes]);
			},
		),
		{ numRuns: 500 },
	);
});

/** What is to come out where only `there` of the bytes were captured, up to `end`. */
function expected(bytes: Buffer, there: readonly Range[], end: number) {
	const out: (number | undefined)[] = [];
	for (let at = 0; at < end; at++) {
		const has = there.some(({ from, to }) => from <= at && at < to);
		out.push(has ? bytes[at] : undefined);
	}
	return out;
}

test("lost segments are counted where they were, once nothing can fill the hole", () => {
	fc.assert(
		fc.property(
			isns,
			streams,
			fc.infiniteStream(fc.nat(3)),
			fc.boolean(),
			(isn, { bytes, segments }, dice, fin) => {
				const conversation = new Conversation();
				conversation.send({ from: "client", sequence: isn, flags: SYN });
				const there = segments.filter(() => dice.next().value !== 0);
				// Neighbours change places here and there.
				const order = [...there];
				for (let i = 1; i < order.length; i++) {
					if (dice.next().value === 1) {
						order.splice(i - 1, 2, order[i] as Range, order[i - 1] as Range);
					}
				}
				for (const { from, to } of order) {
					conversation.send({
						from: "client",
						sequence: isn + 1 + from,
						payload: bytes.subarray(from, to),
					});
				}
				if (fin) {
					const sequence = isn + 1 + bytes.length;
					conversation.send({ from: "client", sequence, flags: FIN });
				}
				conversation.end();
				const end = fin
					? bytes.length
					: Math.max(0, ...there.map(({ to }) => to));
				const out = laidOut(conversation.pieces);
				assert.deepEqual(out, expected(bytes, there, end));
				const closed = conversation.pieces.filter(({ closes }) => closes);
				assert.equal(closed.length, fin ? 1 : 0);
			},
		),
		{ numRuns: 500 },
	);
});

test("a hole is given up as soon as the peer has acknowledged what is behind it", () => {
	fc.assert(
		fc.property(
			isns,
			isns,
			streams,
			fc.infiniteStream(fc.nat(2)),
			(isn, peerIsn, { bytes, segments }, dice) => {
				const conversation = new Conversation();
				conversation.send({ from: "client", sequence: isn, flags: SYN });
				conversation.send({
					from: "server",
					sequence: peerIsn,
					ack: isn + 1,
					flags: SYN,
				});
				const there: Range[] = [];
				for (const { from, to } of segments) {
					if (dice.next().value === 0) continue;
					there.push({ from, to });
					conversation.send({
						from: "client",
						sequence: isn + 1 + from,
						payload: bytes.subarray(from, to),
					});
					conversation.send({
						from: "server",
						sequence: peerIsn + 1,
						ack: isn + 1 + to,
					});
					const out = laidOut(conversation.pieces);
					assert.deepEqual(out, expected(bytes, there, to));
				}
			},
		),
		{ numRuns: 300 },
	);
});

test("what a snap length cut off is missing, and counts for the sequence", () => {
	fc.assert(
		fc.property(
			isns,
			streams,
			fc.integer({ min: 0, max: 30 }),
			(isn, { bytes, segments }, snap) => {
				const conversation = new Conversation();
				conversation.send({ from: "client", sequence: isn, flags: SYN });
				for (const { from, to } of segments) {
					conversation.send({
						from: "client",
						sequence: isn + 1 + from,
						payload: bytes.subarray(from, to),
						captured: Math.min(snap, to - from),
					});
				}
				const there = segments.map(({ from, to }) => ({
					from,
					to: Math.min(from + snap, to),
				}));
				const out = laidOut(conversation.pieces);
				assert.deepEqual(out, expected(bytes, there, bytes.length));
			},
		),
		{ numRuns: 300 },
	);
});

test("a stream whose start was not captured begins with the first segment seen", () => {
	fc.assert(
		fc.property(
			isns,
			streams,
			fc.nat(400),
			(isn, { bytes, segments }, skip) => {
				const conversation = new Conversation();
				const first = skip % segments.length;
				for (const { from, to } of segments.slice(first)) {
					conversation.send({
						from: "client",
						sequence: isn + from,
						payload: bytes.subarray(from, to),
					});
				}
				const start = segments[first]?.from;
				assert.deepEqual(laidOut(conversation.pieces), [
					...bytes.subarray(start),
				]);
			},
		),
	);
});

test("pieces carry the frame and the time of their own packet", () => {
	const conversation = new Conversation();
	const send = (sequence: number, text: string) =>
		conversation.send({ from: "client", sequence, payload: Buffer.from(text) });
	send(100, "a");
	send(102, "c");
	send(103, "d");
	send(101, "b");
	assert.deepEqual(
		conversation.pieces.map(({ bytes, frame, timestamp }) => [
			bytes.toString(),
			frame,
			timestamp,
		]),
		[
			["a", 1, 1],
			["b", 4, 4],
			["c", 2, 2],
			["d", 3, 3],
		],
	);
});

test("keep-alive probes add nothing", () => {
	const conversation = new Conversation();
	const send = (sequence: number, text: string) =>
		conversation.send({ from: "client", sequence, payload: Buffer.from(text) });
	send(100, "abc");
	send(102, "?");
	send(102, "");
	send(103, "d");
	assert.equal(
		Buffer.concat(conversation.pieces.map((p) => p.bytes)).toString(),
		"abcd",
	);
});

test("sequence numbers and acknowledgments of another world are not believed", () => {
	const conversation = new Conversation();
	const payload = Buffer.from("x");
	conversation.send({ from: "client", sequence: 100, payload });
	conversation.send({ from: "client", sequence: 100 + 2 ** 30 + 2, payload });
	conversation.send({ from: "server", sequence: 7, ack: 101 + 2 ** 30 + 1 });
	conversation.send({ from: "client", sequence: 101, payload });
	conversation.end();
	assert.deepEqual(
		conversation.pieces.map(({ missingBefore, bytes }) => [
			missingBefore,
			bytes.length,
		]),
		[
			[0, 1],
			[0, 1],
		],
	);
});

test("a hole is given up where more is held behind it than a window", () => {
	const conversation = new Conversation();
	const payload = Buffer.alloc(65_000);
	conversation.send({ from: "client", sequence: 0, payload });
	let sent = 1;
	while (conversation.pieces.length === 1) {
		conversation.send({
			from: "client",
			sequence: sent * 65_000 + 1000,
			payload,
		});
		sent++;
		assert.ok(
			sent * 65_000 < MAX_HELD_PER_STREAM + 200_000,
			`${sent} segments`,
		);
	}
	assert.ok(sent * 65_000 > MAX_HELD_PER_STREAM - 200_000, `${sent} segments`);
	assert.equal(conversation.pieces.length, sent);
	assert.equal(conversation.pieces[1]?.missingBefore, 1000);
});

test("small segments count for more than their bytes", () => {
	const conversation = new Conversation();
	const payload = Buffer.from("x");
	conversation.send({ from: "client", sequence: 0, payload });
	let sent = 1;
	while (conversation.pieces.length === 1) {
		conversation.send({ from: "client", sequence: 2 * sent, payload });
		sent++;
		assert.ok(sent < MAX_HELD_PER_STREAM / 256 + 2, `${sent} segments`);
	}
});

test("all connections together hold no more than the total", () => {
	const reassembly = new TcpReassembly();
	const packet = packetMaker();
	const payload = Buffer.alloc(65_000);
	let held = 0;
	let connections = 0;
	let out = 0;
	while (out === connections) {
		connections++;
		const crafted = { from: "client", clientPort: connections } as const;
		out += feed(
			reassembly,
			packet({ ...crafted, sequence: 0, payload }),
		).length;
		for (let i = 1; i <= 100 && out === connections; i++) {
			const sequence = i * 65_000 + 1;
			out += feed(reassembly, packet({ ...crafted, sequence, payload })).length;
			held += payload.length;
		}
		assert.ok(held < MAX_HELD_IN_TOTAL + 2 * payload.length, `${held} held`);
	}
	assert.ok(held > MAX_HELD_IN_TOTAL * 0.9, `${held} held`);
});

test("connections that end give back what they held", () => {
	const reassembly = new TcpReassembly();
	const packet = packetMaker();
	const payload = Buffer.alloc(65_000);
	for (let clientPort = 1; clientPort <= 4200; clientPort++) {
		const crafted = { from: "client", clientPort, payload } as const;
		const first = feed(reassembly, packet({ ...crafted, sequence: 0 }));
		assert.equal(first.length, 1);
		// Each of the three ways to end it leaves a hole in front of a held segment.
		const held = packet({ ...crafted, sequence: 65_001 });
		assert.equal(feed(reassembly, held).length, 0, `connection ${clientPort}`);
		if (clientPort % 3 === 0) first[0]?.flow.leave();
		const { from } = crafted;
		const flags = clientPort % 3 === 1 ? RST : SYN;
		feed(reassembly, packet({ from, clientPort, sequence: 65_000, flags }));
	}
});

test("a segment behind a hole that comes again with a FIN ends the stream", () => {
	const conversation = new Conversation();
	const payload = Buffer.from("b");
	conversation.send({ from: "client", sequence: 0, payload });
	conversation.send({ from: "client", sequence: 2, payload });
	conversation.send({ from: "client", sequence: 2, payload, flags: FIN });
	conversation.send({ from: "client", sequence: 1, payload });
	assert.deepEqual(
		laidOut(conversation.pieces),
		[..."bbb"].map(() => 98),
	);
	assert.equal(conversation.pieces.at(-1)?.closes, "fin");
});
