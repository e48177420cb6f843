// The life of connections: which segments belong to one, how it opens and closes, and when its ports are used again.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	MAX_BURIED,
	TcpConnections,
} from "../../../src/capture/network/tcp-connections.js";
import { TcpReassembly } from "../../../src/capture/network/tcp-reassembly.js";
import type { Piece } from "../../../src/capture/recognition/flow.js";
import {
	ACK,
	type Crafted,
	FIN,
	feed,
	owned,
	packetMaker,
	RST,
	SYN,
} from "./crafted.js";

interface Step extends Omit<Crafted, "payload" | "from"> {
	readonly text?: string;
}

/** What came out, a line for each piece: number of the connection, side, missing, text, closing. */
class Lines {
	readonly lines: string[] = [];
	readonly reassembly: TcpReassembly;
	readonly #packet = packetMaker();
	readonly #flows = new Map<unknown, number>();

	constructor(reassembly = new TcpReassembly()) {
		this.reassembly = reassembly;
	}

	client(step: Step): this {
		return this.#send("client", step);
	}

	server(step: Step): this {
		return this.#send("server", step);
	}

	end(): readonly string[] {
		const last: Piece[] = [];
		this.reassembly.end(last);
		this.#note(last.map(owned));
		return this.lines;
	}

	#send(from: "client" | "server", { text = "", ...step }: Step): this {
		const packet = this.#packet({ ...step, from, payload: Buffer.from(text) });
		this.#note(feed(this.reassembly, packet));
		return this;
	}

	#note(pieces: readonly Piece[]): void {
		for (const { flow, side, missingBefore, bytes, closes } of pieces) {
			const number = this.#flows.get(flow) ?? this.#flows.size;
			this.#flows.set(flow, number);
			const missing = missingBefore > 0 ? ` missing ${missingBefore}` : "";
			const text = bytes.length > 0 ? ` ${bytes}` : "";
			this.lines.push(
				`${number}.${side}${missing}${text}${closes ? ` ${closes}` : ""}`,
			);
		}
	}
}

/** A connection opened by the client with sequence numbers 100 and 500. */
function opened(lines = new Lines()): Lines {
	return lines
		.client({ sequence: 100, flags: SYN })
		.server({ sequence: 500, ack: 101, flags: SYN })
		.client({ sequence: 101, ack: 501 });
}

test("a connection opens, talks and closes", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.server({ sequence: 501, ack: 104, text: "answer", flags: FIN })
		.client({ sequence: 104, ack: 508, flags: FIN })
		.server({ sequence: 508, ack: 105 })
		.end();
	assert.deepEqual(lines, ["0.0 ask", "0.1 answer fin", "0.0 fin"]);
});

test("every frame twice changes nothing", () => {
	const lines = new Lines();
	for (const _ of [1, 2]) lines.client({ sequence: 100, flags: SYN });
	for (const _ of [1, 2]) lines.server({ sequence: 500, ack: 101, flags: SYN });
	for (const _ of [1, 2])
		lines.client({ sequence: 101, ack: 501, text: "ask" });
	for (const _ of [1, 2]) {
		lines.server({ sequence: 501, ack: 104, text: "answer", flags: FIN });
	}
	for (const _ of [1, 2]) lines.client({ sequence: 104, ack: 508, flags: RST });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 answer fin", "0.0 rst"]);
});

test("bytes on the SYN are the first of the stream, repeated or not", () => {
	const lines = new Lines()
		.client({ sequence: 100, flags: SYN, text: "ea" })
		.server({ sequence: 500, ack: 101, flags: SYN })
		.client({ sequence: 101, ack: 501, text: "early" });
	assert.deepEqual(lines.end(), ["0.0 ea", "0.0 rly"]);
});

test("a reset is told once, and what the other side had under way is still handed out", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.client({ sequence: 104, flags: RST })
		.server({ sequence: 501, ack: 104, text: "ans" })
		.server({ sequence: 504, ack: 104, text: "wer" })
		.client({ sequence: 104, flags: RST })
		.server({ sequence: 507, ack: 104, flags: RST | ACK });
	assert.deepEqual(lines.end(), [
		"0.0 ask",
		"0.0 rst",
		"0.1 ans",
		"0.1 wer",
		"0.1 rst",
	]);
});

test("after a FIN, a reset of the same side says nothing new", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask", flags: FIN })
		.client({ sequence: 105, flags: RST });
	assert.deepEqual(lines.end(), ["0.0 ask fin"]);
});

test("a refused connection is a reset of the other side", () => {
	const lines = new Lines()
		.client({ sequence: 100, flags: SYN })
		.server({ sequence: 0, ack: 101, flags: RST });
	assert.deepEqual(lines.end(), ["0.1 rst"]);
});

test("a reset with a sequence number that is not the connection's is not believed", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.client({ sequence: 101 - 50_000, flags: RST })
		.client({ sequence: 104, ack: 501, text: "more" });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.0 more"]);
});

test("a reset gives up the holes of its side", () => {
	const lines = opened()
		.client({ sequence: 106, ack: 501, text: "late" })
		.client({ sequence: 110, flags: RST });
	assert.deepEqual(lines.end(), ["0.0 missing 5 late", "0.0 rst"]);
});

test("a SYN with another sequence number opens another connection", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "one" })
		.client({ sequence: 100, flags: SYN })
		.client({ sequence: 9000, flags: SYN })
		.server({ sequence: 7000, ack: 9001, flags: SYN })
		.client({ sequence: 9001, ack: 7001, text: "two" })
		.server({ sequence: 7001, ack: 9004, text: "2" });
	assert.deepEqual(lines.end(), ["0.0 one", "1.0 two", "1.1 2"]);
});

test("where only one direction was captured, its SYN tells connections apart", () => {
	const lines = new Lines()
		.server({ sequence: 500, ack: 101, flags: SYN })
		.server({ sequence: 501, ack: 104, text: "one" })
		.server({ sequence: 900, ack: 701, flags: SYN })
		.server({ sequence: 901, ack: 712, text: "two" });
	assert.deepEqual(lines.end(), [
		"0.0 missing 3",
		"0.1 one",
		"1.0 missing 11",
		"1.1 two",
	]);
});

test("the acknowledgment that ends the handshake stands in for a lost answer to the SYN", () => {
	const lines = new Lines()
		.client({ sequence: 100, flags: SYN })
		.client({ sequence: 101, ack: 501, text: "ask" })
		.server({ sequence: 507, ack: 104, text: "late" })
		.client({ sequence: 104, ack: 511 });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 missing 6 late"]);
});

test("late copies after the close found no new connection", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask", flags: FIN })
		.server({ sequence: 501, ack: 105, text: "answer", flags: FIN })
		.client({ sequence: 101, ack: 501, text: "ask", flags: FIN })
		.server({ sequence: 504, ack: 105, text: "wer", flags: FIN });
	assert.deepEqual(lines.end(), ["0.0 ask fin", "0.1 answer fin"]);
});

test("bytes behind the close are a new connection, whose SYN was not captured", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask", flags: FIN })
		.server({ sequence: 501, ack: 105, text: "answer", flags: FIN })
		.client({ sequence: 70_000, ack: 90_000, text: "again" })
		.server({ sequence: 90_000, ack: 70_005, text: "yes" });
	assert.deepEqual(lines.end(), [
		"0.0 ask fin",
		"0.1 answer fin",
		"1.0 again",
		"1.1 yes",
	]);
});

test("a stream of more than four gigabytes stays one connection", () => {
	const lines = new Lines();
	const step = 2 ** 29;
	lines.client({ sequence: 0, ack: 5, text: "x" });
	lines.server({ sequence: 5, ack: 1, text: "y" });
	for (let at = step; at <= 10 * step; at += step) {
		lines.client({ sequence: at, ack: 6, text: "x" });
		lines.server({ sequence: 6, ack: at + 1 });
	}
	lines.client({ sequence: 10 * step + 1, ack: 6, flags: RST });
	const out = lines.end();
	assert.equal(out.length, 13);
	assert.ok(out.every((line) => line.startsWith("0.")));
	assert.equal(out.at(-1), "0.0 rst");
});

test("what is held at the end of the input is handed out, its holes counted", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "a" })
		.client({ sequence: 104, ack: 501, text: "d" })
		.client({ sequence: 107, ack: 501, text: "g", flags: FIN });
	assert.deepEqual(lines.end(), [
		"0.0 a",
		"0.0 missing 2 d",
		"0.0 missing 2 g fin",
	]);
});

test("what the peer acknowledged and no segment brought is missing at the end", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.client({ sequence: 104, ack: 601 });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 missing 100"]);
});

test("an acknowledged FIN that was not captured is no missing byte", () => {
	const lines = opened()
		.server({ sequence: 501, ack: 101, text: "bye" })
		.client({ sequence: 101, ack: 505 });
	assert.deepEqual(lines.end(), ["0.1 bye"]);
});

test("no more is heard of a connection that was left, until a SYN opens another", () => {
	const reassembly = new TcpReassembly();
	const packet = packetMaker();
	const send = (crafted: Omit<Crafted, "from">) =>
		feed(reassembly, packet({ from: "client", ...crafted }));
	const payload = Buffer.from("x");
	const [piece] = send({ sequence: 1, payload });
	piece?.flow.leave();
	assert.deepEqual(send({ sequence: 2, payload }), []);
	assert.deepEqual(send({ sequence: 10, payload }), []);
	assert.deepEqual(send({ sequence: 3, payload, flags: FIN }), []);
	assert.deepEqual(send({ sequence: 500, flags: SYN }), []);
	const [other] = send({ sequence: 501, payload });
	assert.notEqual(other?.flow, piece?.flow);
	assert.equal(other?.bytes.toString(), "x");
});

test("connections interleave", () => {
	const lines = new Lines();
	for (const clientPort of [1, 2]) {
		lines.client({ sequence: 100, flags: SYN, clientPort });
	}
	for (const text of ["a", "b"]) {
		for (const clientPort of [1, 2]) {
			const sequence = text === "a" ? 101 : 102;
			lines.client({
				sequence,
				text: `${text}${clientPort}`.slice(0, 1),
				clientPort,
			});
		}
	}
	assert.deepEqual(lines.end(), ["0.0 a", "1.0 a", "0.0 b", "1.0 b"]);
});

test("where there are too many connections, those idle longest are given up, and what they hold is handed out", () => {
	const lines = new Lines(new TcpReassembly(new TcpConnections(8)));
	lines.client({ sequence: 0, text: "a", clientPort: 1 });
	lines.client({ sequence: 5, text: "f", clientPort: 1 });
	for (let clientPort = 2; clientPort <= 8; clientPort++) {
		lines.client({ sequence: 0, text: "x", clientPort });
	}
	assert.equal(lines.reassembly.givenUp, 0);
	lines.client({ sequence: 0, text: "y", clientPort: 9 });
	assert.equal(lines.reassembly.givenUp, 2);
	assert.deepEqual(lines.lines.slice(-2), ["0.0 missing 4 f", "8.0 y"]);
	// The third one is still known: this is a copy.
	lines.client({ sequence: 0, text: "x", clientPort: 3 });
	assert.deepEqual(lines.lines.slice(-1), ["8.0 y"]);
});

test("closed connections do not count among those that may be too many", () => {
	const lines = new Lines(new TcpReassembly(new TcpConnections(8)));
	lines.client({ sequence: 0, text: "open", clientPort: 1 });
	for (let i = 0; i < 3 * MAX_BURIED; i++) {
		const clientPort = 1000 + (i % (2 * MAX_BURIED));
		const clientAddress = `10.0.1.${Math.floor(i / (2 * MAX_BURIED))}`;
		const ends = { clientPort, clientAddress };
		lines.client({ sequence: 0, text: "x", flags: FIN, ...ends });
		lines.server({ sequence: 9, text: "y", flags: FIN, ...ends });
	}
	assert.equal(lines.reassembly.givenUp, 0);
	lines.client({ sequence: 4, text: "still", clientPort: 1 });
	assert.equal(lines.lines.at(-1), "0.0 still");
	assert.equal(lines.lines.length, 2 + 6 * MAX_BURIED);
});

test("what a connection held is handed out when its ports are used again", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "a" })
		.client({ sequence: 103, ack: 501, text: "c" })
		.client({ sequence: 9000, flags: SYN })
		.client({ sequence: 9001, text: "new" });
	assert.deepEqual(lines.end(), ["0.0 a", "0.0 missing 1 c", "1.0 new"]);
});

test("ports that are used again and again do not fill the table", () => {
	const lines = new Lines(new TcpReassembly(new TcpConnections(8)));
	for (let isn = 0; isn < 1000; isn += 10) {
		lines.client({ sequence: isn, flags: SYN, text: "x" });
	}
	assert.equal(lines.reassembly.givenUp, 0);
	assert.equal(lines.end().length, 100);
});

test("what the other side of a reset connection held is handed out, when it is forgotten", () => {
	const lines = opened()
		.server({ sequence: 501, ack: 101, text: "a" })
		.server({ sequence: 503, ack: 101, text: "c" })
		.client({ sequence: 101, flags: RST });
	for (let clientPort = 1; clientPort <= MAX_BURIED; clientPort++) {
		assert.ok(!lines.lines.includes("0.1 missing 1 c"), `port ${clientPort}`);
		lines.client({ sequence: 1, text: "x", clientPort });
		lines.client({ sequence: 2, flags: RST, clientPort });
	}
	assert.ok(lines.lines.includes("0.1 missing 1 c"));
});

test("an acknowledgment later than the handshake does not tell where the answer began", () => {
	const lines = new Lines()
		.client({ sequence: 100, flags: SYN })
		.client({ sequence: 104, ack: 507, text: "more" })
		.server({ sequence: 501, ack: 104, text: "answer" });
	assert.deepEqual(lines.end(), ["0.0 missing 3 more", "0.1 answer"]);
});

test("what was lost in front of an answer is told before the answer", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.client({ sequence: 104, ack: 601 })
		.client({ sequence: 104, ack: 601, text: "next" })
		.server({ sequence: 601, ack: 108, text: "answer" });
	assert.deepEqual(lines.lines, [
		"0.0 ask",
		"0.1 missing 100",
		"0.0 next",
		"0.1 answer",
	]);
});

test("a segment that was captured a little behind its acknowledgment is not lost", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.client({ sequence: 104, ack: 507 })
		.server({ sequence: 501, ack: 104, text: "answer" });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 answer"]);
});

test("a stream that was heard of before its bytes starts where it had come", () => {
	const byItsAcknowledgment = new Lines()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.server({ sequence: 501, ack: 104 })
		.server({ sequence: 933, ack: 104, flags: FIN })
		.client({ sequence: 104, ack: 934, flags: FIN });
	assert.deepEqual(byItsAcknowledgment.end(), [
		"0.0 ask",
		"0.1 missing 432 fin",
		"0.0 fin",
	]);
	const byItself = new Lines()
		.client({ sequence: 101, text: "ask" })
		.server({ sequence: 501, ack: 104 })
		.server({ sequence: 933, ack: 104, flags: FIN })
		.client({ sequence: 104, ack: 934, flags: FIN });
	assert.deepEqual(byItself.end(), byItsAcknowledgment.lines);
});

test("what comes before the place where a stream was first heard of is part of it", () => {
	const lines = new Lines()
		.client({ sequence: 101, ack: 507, text: "ask" })
		.server({ sequence: 506, ack: 104, text: "r" })
		.server({ sequence: 501, ack: 104, text: "answer", flags: FIN });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 answer fin"]);
	const finOnly = new Lines()
		.client({ sequence: 101, ack: 502, text: "ask" })
		.server({ sequence: 501, ack: 104, flags: FIN });
	assert.deepEqual(finOnly.end(), ["0.0 ask", "0.1 fin"]);
});

test("a reset tells how much was sent in front of it", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.server({ sequence: 501, ack: 104, text: "ans" })
		.server({ sequence: 3504, ack: 104, flags: RST });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 ans", "0.1 missing 3000 rst"]);
});

test("a reset or a FIN that acknowledges what no segment brought says that it is missing", () => {
	for (const [flags, closing] of [
		[RST, "rst"],
		[FIN, "fin"],
	] as const) {
		const lines = opened()
			.client({ sequence: 101, ack: 501, text: "ask" })
			.server({ sequence: 501, ack: 112, flags });
		assert.deepEqual(lines.lines, [
			"0.0 ask",
			"0.0 missing 8",
			`0.1 ${closing}`,
		]);
	}
});

test("a FIN that no segment brought ends its stream before the peer ends the other", () => {
	const lines = opened()
		.client({ sequence: 101, ack: 501, text: "ask" })
		.server({ sequence: 501, ack: 105 })
		.server({ sequence: 501, ack: 105, flags: FIN })
		.client({ sequence: 104, ack: 501, flags: FIN });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.0 fin", "0.1 fin"]);
	const own = opened()
		.server({ sequence: 501, ack: 101, text: "bye" })
		.server({ sequence: 505, flags: RST });
	assert.deepEqual(own.end(), ["0.1 bye", "0.1 fin"]);
});

test("what was lost between two questions that had to wait is told between them", () => {
	const lines = opened()
		.client({ sequence: 104, ack: 501, text: "one" })
		.client({ sequence: 107, ack: 601, text: "two", flags: FIN })
		.server({ sequence: 601, ack: 107, text: "answer" })
		.server({ sequence: 607, ack: 111 });
	assert.deepEqual(lines.end(), [
		"0.0 missing 3 one",
		"0.1 missing 100",
		"0.0 two fin",
		"0.1 answer",
	]);
});

test("a FIN that waits behind a hole tells of the FIN that it answers when it is handed out", () => {
	const lines = opened()
		.client({ sequence: 104, ack: 502, text: "more", flags: FIN })
		.client({ sequence: 101, ack: 501, text: "ask" });
	assert.deepEqual(lines.end(), ["0.0 ask", "0.1 fin", "0.0 more fin"]);
});

test("in a capture of one direction, lost answers stand behind their questions, those that waited too", () => {
	const lines = new Lines()
		.client({ sequence: 100, flags: SYN })
		.client({ sequence: 101, ack: 501, text: "one" })
		.client({ sequence: 104, ack: 601 })
		.client({ sequence: 107, ack: 701, text: "three" })
		.client({ sequence: 112, ack: 801 })
		.client({ sequence: 112, ack: 802, flags: FIN });
	assert.deepEqual(lines.end(), [
		"0.0 one",
		"0.1 missing 100",
		"0.1 missing 100",
		"0.0 missing 3 three",
		"0.1 missing 101",
		"0.0 fin",
	]);
});
