// Two conversations compared: what differs is found, where it differs, and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "../../../src/inspect/chunk.js";
import { comparisonLines } from "../../../src/render/comparison-words.js";
import { Comparer } from "../../../src/send/replay/comparer.js";
import {
	eventsOf,
	newChunk,
	newConnection,
	REQUEST,
} from "../../support/conversation.js";
import { byteByByte, compared, recordedIn } from "../../support/replayed.js";

const RECORDED = newConnection(3);
const NOW = newConnection(0);

/** A request and its answer; the connection's end where it is closed. */
function conversation(
	where: typeof NOW,
	answer: string,
	end: "complete" | "closed" | "open" = "complete",
	request: string = REQUEST,
): Chunk[] {
	const complete = "{FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}";
	const chunks = [newChunk(where, "webServer", request)];
	if (answer !== "") chunks.push(newChunk(where, "application", answer));
	if (end === "complete") {
		if (!answer.includes("END_REQUEST")) {
			chunks.push(newChunk(where, "application", complete));
		}
	} else if (end === "closed") {
		chunks.push(
			newChunk(where, "application", Buffer.alloc(0), { closes: "fin" }),
		);
	}
	return chunks;
}

const stdout = (text: string) => `{FCGI_STDOUT, 1, "${text}"}`;
const HELLO = stdout("A: b\\r\\n\\r\\nhello");

interface Case {
	readonly name: string;
	readonly recorded: Chunk[];
	readonly now: Chunk[];
	readonly outcome?: string;
	readonly lines: readonly string[];
	readonly ignored?: readonly string[];
}

const CASES: readonly Case[] = [
	{
		name: "the same, cut into other records",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(
			NOW,
			`${stdout("A: b\\r\\n\\r")} ${stdout("\\nhel")} ${stdout("lo")} {FCGI_STDOUT, 1, ""}`,
		),
		lines: [],
	},
	{
		name: "fields in another order, written otherwise",
		recorded: conversation(RECORDED, stdout("A: b\\r\\nC: d\\r\\n\\r\\nx")),
		now: conversation(NOW, stdout("c: d\\na: b\\n\\nx")),
		lines: [],
	},
	{
		name: "fields that are another each time",
		recorded: conversation(
			RECORDED,
			stdout("Date: 1\\r\\nSet-Cookie: 1\\r\\nX-Mine: 1\\r\\n\\r\\nx"),
		),
		now: conversation(
			NOW,
			stdout("Date: 222\\r\\nExpires: 2\\r\\nX-Mine: 2\\r\\n\\r\\nx"),
		),
		ignored: ["x-MINE"],
		lines: [],
	},
	{
		name: "a status",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(NOW, stdout("Status: 500 Oh\\r\\nA: b\\r\\n\\r\\nhello")),
		lines: ["status: 200 in the recording, 500 now"],
	},
	{
		name: "fields: another value, one more, one less, the same twice",
		recorded: conversation(
			RECORDED,
			stdout("A: b\\r\\nC: d\\r\\nE: 1\\r\\nE: 2\\r\\n\\r\\nx"),
		),
		now: conversation(
			NOW,
			stdout("A: x\\r\\nN: y\\r\\nE: 2\\r\\nE: 1\\r\\n\\r\\nx"),
		),
		lines: [
			'header A: "b" in the recording, "x" now',
			'header C: "d" in the recording, none now',
			'header E: "1\\n2" in the recording, "2\\n1" now',
			'header N: none in the recording, "y" now',
		],
	},
	{
		name: "a byte of the body, behind heads of different lengths",
		recorded: conversation(RECORDED, stdout("Date: 1\\r\\n\\r\\n0123456789")),
		now: conversation(NOW, stdout("Date: 12345\\r\\n\\r\\n01234X6789")),
		lines: ['body from byte 5 on: "56789" in the recording, "X6789" now'],
	},
	{
		name: "a body that ends earlier",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(NOW, stdout("A: b\\r\\n\\r\\nhel")),
		lines: [
			'body from byte 3 on: "lo" in the recording, its end now (5 bytes, 3 now)',
		],
	},
	{
		name: "a body that goes on",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(NOW, stdout("A: b\\r\\n\\r\\nhello!")),
		lines: [
			'body from byte 5 on: its end in the recording, "!" now (5 bytes, 6 now)',
		],
	},
	{
		name: "STDERR",
		recorded: conversation(RECORDED, `{FCGI_STDERR, 1, "one"} ${HELLO}`),
		now: conversation(NOW, `{FCGI_STDERR, 1, "ono"} ${HELLO}`),
		lines: ['STDERR from byte 2 on: "e" in the recording, "o" now'],
	},
	{
		name: "the two statuses of END_REQUEST",
		recorded: conversation(
			RECORDED,
			`${HELLO} {FCGI_END_REQUEST, 1, {3, FCGI_REQUEST_COMPLETE}}`,
		),
		now: conversation(
			NOW,
			`${HELLO} {FCGI_END_REQUEST, 1, {0, FCGI_OVERLOADED}}`,
		),
		lines: [
			"appStatus: 3 in the recording, 0 now",
			"protocolStatus: REQUEST_COMPLETE in the recording, OVERLOADED now",
		],
	},
	{
		name: "a connection that was closed in place of an end",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(NOW, HELLO, "closed"),
		lines: [
			"end: END_REQUEST in the recording, the application closed the connection now",
		],
	},
	{
		name: "the same death",
		recorded: conversation(RECORDED, HELLO, "closed"),
		now: conversation(NOW, HELLO, "closed"),
		lines: [],
	},
	{
		name: "no head where there was one",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(NOW, stdout("no head")),
		lines: [
			"status: 200 in the recording, none now",
			'STDOUT from byte 0 on: "A: b\\r\\n\\r\\nhello" in the recording, "no head" now (13 bytes, 7 now)',
		],
	},
	{
		name: "an answer whose end is not recorded, and goes on",
		recorded: conversation(RECORDED, HELLO, "open"),
		now: conversation(NOW, stdout("A: b\\r\\n\\r\\nhello and more")),
		outcome: "same",
		lines: ["the recording does not have the answer's end"],
	},
	{
		name: "an answer whose end is not recorded, and that is another",
		recorded: conversation(RECORDED, HELLO, "open"),
		now: conversation(NOW, stdout("A: b\\r\\n\\r\\nhallo and more")),
		outcome: "different",
		lines: [
			'body from byte 1 on: "ello" in the recording, "allo and more" now',
		],
	},
	{
		name: "no answer in the recording",
		recorded: conversation(RECORDED, "", "open"),
		now: conversation(NOW, HELLO),
		outcome: "unrecorded",
		lines: ["the recording has no answer to compare with"],
	},
	{
		name: "an abort that came later",
		recorded: conversation(
			RECORDED,
			HELLO,
			"complete",
			`${REQUEST}\n{FCGI_ABORT_REQUEST, 1}`,
		),
		now: conversation(
			NOW,
			stdout("A: b\\r\\n\\r\\nhello and"),
			"complete",
			`${REQUEST}\n{FCGI_ABORT_REQUEST, 1}`,
		),
		lines: [],
	},
	{
		name: "an answer that is broken off by us",
		recorded: conversation(RECORDED, HELLO),
		now: conversation(NOW, stdout("A: b\\r\\n\\r\\nhe"), "open"),
		outcome: "failed",
		lines: ["it was broken off"],
	},
	{
		name: "bytes that are no records",
		recorded: conversation(RECORDED, HELLO),
		now: [
			...conversation(NOW, HELLO, "open"),
			newChunk(NOW, "application", Buffer.from("Segmentation fault"), {
				closes: "fin",
			}),
		],
		lines: [
			'bytes that are no records came: "Segmentation fau"',
			"end: END_REQUEST in the recording, the application closed the connection now",
		],
	},
	{
		name: "the same bytes that are no records",
		recorded: [
			...conversation(RECORDED, HELLO, "open"),
			newChunk(RECORDED, "application", Buffer.from("Segmentation fault"), {
				closes: "fin",
			}),
		],
		now: [
			...conversation(NOW, HELLO, "open"),
			newChunk(NOW, "application", Buffer.from("Segmentation fault"), {
				closes: "fin",
			}),
		],
		lines: [],
	},
];

for (const { name, recorded, now, outcome, lines, ignored } of CASES) {
	test(`compares ${name}`, () => {
		const requests = recordedIn(recorded);
		for (const chunks of [now, now.flatMap((one) => [...byteByByte(one)])]) {
			const [comparison, ...more] = compared(requests, chunks, ignored);
			assert.ok(comparison);
			assert.deepEqual(more, []);
			assert.deepEqual(comparisonLines(comparison), lines);
			const expected = outcome ?? (lines.length === 0 ? "same" : "different");
			assert.equal(comparison.outcome, expected);
		}
	});
}

test("a hole in a recorded body ends what is compared", () => {
	const where = RECORDED;
	const requests = recordedIn([
		newChunk(where, "webServer", REQUEST),
		newChunk(where, "application", stdout("A: b\\r\\n\\r\\nhello")),
		newChunk(where, "application", stdout("later"), { missingBefore: 100 }),
		newChunk(
			where,
			"application",
			"{FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}",
		),
	]);
	const same = compared(
		requests,
		conversation(NOW, stdout("A: b\\r\\n\\r\\nhello, anything")),
	);
	assert.equal(same[0]?.outcome, "same");
	const other = compared(
		requests,
		conversation(NOW, stdout("A: b\\r\\n\\r\\nHello")),
	);
	assert.equal(other[0]?.outcome, "different");
});

test("an only direction of the web server is no application that closes", () => {
	const requests = recordedIn([
		newChunk(RECORDED, "webServer", REQUEST),
		newChunk(RECORDED, "application", Buffer.alloc(0), { closes: "fin" }),
	]);
	const [comparison] = compared(requests, conversation(NOW, HELLO));
	assert.equal(comparison?.outcome, "unrecorded");
});

test("requests of one connection are compared in their order, whatever their ids", () => {
	const two = (where: typeof NOW, second: string) => [
		...conversation(where, HELLO),
		...conversation(where, stdout(`A: b\\r\\n\\r\\n${second}`)),
	];
	const requests = recordedIn(two(RECORDED, "same"));
	const comparisons = compared(requests, two(NOW, "not same"));
	assert.deepEqual(
		comparisons.map(({ request, outcome }) => [request, outcome]),
		[
			[1, "same"],
			[2, "different"],
		],
	);
});

test("of a request that was sent twice, the second counts", () => {
	const requests = recordedIn(conversation(RECORDED, HELLO));
	const [recorded] = requests;
	assert.ok(recorded);
	const comparer = new Comparer();
	const [stale, fresh] = [newConnection(0), newConnection(1)];
	comparer.sends(stale, recorded);
	comparer.sendsAgain(recorded);
	comparer.sends(fresh, recorded);
	const events = eventsOf([
		...conversation(stale, "", "closed"),
		...conversation(fresh, HELLO),
	]);
	const made = events.flatMap((event) => [...comparer.push(event)]);
	assert.deepEqual(
		made.map(({ outcome }) => outcome),
		["same"],
	);
});
