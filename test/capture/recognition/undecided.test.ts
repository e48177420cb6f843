import assert from "node:assert/strict";
import { test } from "node:test";
import {
	type Flow,
	Piece,
	type Side,
} from "../../../src/capture/recognition/flow.js";
import { Undecided } from "../../../src/capture/recognition/undecided.js";
import { SEARCH_WINDOW } from "../../../src/fastcgi/header-search.js";
import { REQUEST, RESPONSE, record } from "../network/crafted.js";

/** A connection whose opening was seen, or not. */
function flow(opened: boolean): Flow {
	const start = { started: true, startKnown: opened };
	return {
		openerKnown: opened,
		openedAt: opened ? 1 : undefined,
		streams: [start, start],
		closed: false,
		recognised: undefined,
		left: false,
		leave() {},
		addressOf: () => undefined,
		portOf: () => undefined,
	};
}

function piece(side: Side, bytes: Buffer, missingBefore = 0): Piece {
	return new Piece(flow(true), side, 1, bytes, 1, missingBefore, undefined);
}

test("pieces are kept as copies, in the order in which they came", () => {
	const undecided = new Undecided(flow(true));
	const texts = Array.from({ length: 50 }, (_, i) => `piece ${i}`);
	for (const [i, text] of texts.entries()) {
		const bytes = Buffer.from(text);
		undecided.hold(piece((i % 2) as Side, bytes));
		bytes.fill(0xee);
	}
	assert.deepEqual(
		undecided.pieces().map(({ bytes }) => `${bytes}`),
		texts,
	);
	assert.deepEqual(
		undecided.pieces().map(({ side }) => side),
		texts.map((_, i) => i % 2),
	);
});

test("holding costs more than the bytes", () => {
	const undecided = new Undecided(flow(true));
	for (let i = 0; i < 100; i++) undecided.hold(piece(0, Buffer.from("x")));
	assert.ok(undecided.cost >= 100 * 100, `${undecided.cost}`);
	assert.equal(undecided.hasBytes, true);
});

/** What the case is, whether the opening was seen, what the sides sent, and the answers before and at the end. */
const CASES: readonly (readonly [
	string,
	boolean,
	string | Buffer,
	string | Buffer,
	ReturnType<Undecided["webServer"]>,
	ReturnType<Undecided["webServer"]>,
])[] = [
	["nothing yet", true, "", "", undefined, "neither"],
	["a request", true, REQUEST, "", 0, 0],
	["a request, start not seen", false, REQUEST, "", 0, 0],
	["a request of the other side, start not seen", false, "", REQUEST, 1, 1],
	[
		"a request of the side that was connected to",
		true,
		"",
		REQUEST,
		undefined,
		"neither",
	],
	["a response", true, "", RESPONSE, 0, 0],
	["a response of the first side, start not seen", false, RESPONSE, "", 1, 1],
	[
		"four bytes of a request",
		true,
		REQUEST.subarray(0, 4),
		"",
		undefined,
		"neither",
	],
	["text on one side", true, "text", "", undefined, "neither"],
	["text on both sides", true, "text", "text", "neither", "neither"],
	[
		"text on both sides, start not seen",
		false,
		"text",
		"text",
		undefined,
		"neither",
	],
	["one whole STDOUT", true, "text", record(6, Buffer.alloc(9)), undefined, 0],
	[
		"one whole STDIN, start not seen",
		false,
		record(5, Buffer.alloc(9)),
		"",
		undefined,
		0,
	],
	[
		"one STDOUT that is not whole",
		true,
		"text",
		record(6, Buffer.alloc(9)).subarray(0, 12),
		undefined,
		"neither",
	],
];

for (const [what, opened, a, b, early, late] of CASES) {
	test(`${what}: ${early ?? "not decided"}, at the end ${late}`, () => {
		const undecided = new Undecided(flow(opened));
		for (const [side, bytes] of [a, b].entries()) {
			undecided.hold(piece(side as Side, Buffer.from(bytes)));
		}
		assert.equal(undecided.webServer(false), early);
		assert.equal(undecided.webServer(true), late);
	});
}

test("the search ends behind a window on both sides", () => {
	const undecided = new Undecided(flow(false));
	const noise = Buffer.alloc(SEARCH_WINDOW + 1, "noise");
	undecided.hold(piece(0, noise));
	assert.equal(undecided.webServer(false), undefined);
	undecided.hold(piece(1, noise));
	assert.equal(undecided.webServer(false), "neither");
});

test("the longest records are found from anywhere in the first", () => {
	const longest = record(6, Buffer.alloc(65_535, "x"));
	const bytes = Buffer.concat([
		longest.subarray(100),
		longest,
		record(3, Buffer.alloc(8)),
	]);
	const undecided = new Undecided(flow(false));
	let side: ReturnType<Undecided["webServer"]>;
	for (let at = 0; at < bytes.length; at += 1448) {
		undecided.hold(piece(1, bytes.subarray(at, at + 1448)));
		side = undecided.webServer(false);
		if (side !== undefined) break;
	}
	assert.equal(side, 0);
});
