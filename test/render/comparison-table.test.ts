import assert from "node:assert/strict";
import { test } from "node:test";
import type { Comparison } from "../../src/inspect/comparison.js";
import { comparisonJson } from "../../src/render/comparison-json.js";
import { comparisonTable } from "../../src/render/comparison-table.js";
import { replaySentence } from "../../src/render/comparison-words.js";
import { textWidth } from "../../src/render/width.js";

const SAME: Comparison = {
	request: 1,
	method: "GET",
	uri: "/index.php",
	outcome: "same",
	reason: undefined,
	recorded: { status: 200, seconds: 0.0123 },
	replayed: { status: 200, seconds: 0.0034 },
	differences: [],
};
const ESC = String.fromCharCode(27);
const DIFFERENT: Comparison = {
	...SAME,
	request: 12,
	method: `G${ESC}[31m`,
	uri: `/a${ESC}]0;b${"\u202e"}${"long".repeat(60)}`,
	outcome: "different",
	replayed: { status: 500, seconds: 75 },
	differences: [
		{ kind: "status", recorded: 200, replayed: 500 },
		{
			kind: "header",
			name: `X-${ESC}`,
			recorded: undefined,
			replayed: `${ESC}[2J${"v".repeat(500)}`,
		},
		{
			kind: "body",
			at: 7,
			recorded: Buffer.from(`${ESC}[2J`),
			replayed: Buffer.from([0xff, 0x00]),
			recordedBytes: 100,
			replayedBytes: 9,
		},
	],
};
const LEFT_OUT: Comparison = {
	...SAME,
	request: 13,
	method: undefined,
	uri: undefined,
	outcome: "leftOut",
	reason: "its beginning is not in the recording",
	recorded: { status: undefined, seconds: undefined },
	replayed: undefined,
};
const ALL = [SAME, DIFFERENT, LEFT_OUT];

function table(columns: number | undefined, color = false): string {
	const stage = comparisonTable({ columns, color });
	return ALL.flatMap((one) => [...stage.push(one)]).join("");
}

test("a line for each, with what differs below it", () => {
	const lines = table(undefined).split("\n");
	assert.deepEqual(lines.slice(0, 2), [
		"    #     status  recorded       now  answer      method  URI",
		"    1        200   12.3 ms    3.4 ms  same        GET     /index.php",
	]);
	assert.match(
		lines[2] ?? "",
		/^ {3}12 {2}200 > 500 +12\.3 ms +1 min 15 s +different/,
	);
	assert.equal(lines[3], "       status: 200 in the recording, 500 now");
	assert.match(
		lines[4] ?? "",
		/^ {7}header X-\\x1b: none in the recording, "\\x1b\[2Jv+\.\.\." now$/,
	);
	assert.match(
		lines[5] ?? "",
		/^ {7}body from byte 7 on: .* \(100 bytes, 9 now\)$/,
	);
	assert.match(lines[6] ?? "", /^ {3}13 +- +- +- +left out +- +-$/);
	assert.equal(lines[7], "       its beginning is not in the recording");
});

test("no line is wider than the terminal, and nothing in it moves the cursor", () => {
	for (const columns of [80, 100, 200]) {
		for (const line of table(columns).split("\n")) {
			assert.ok(textWidth(line) <= columns, `${columns}: ${line}`);
		}
	}
	assert.doesNotMatch(table(undefined), /[^\P{Cc}\n]|\p{Cf}/u);
});

test("colours repeat what the words say", () => {
	const plain = table(100, true).replaceAll(
		new RegExp(`${ESC}\\[\\d+m`, "g"),
		"",
	);
	assert.equal(plain, table(100));
});

test("programs get all of it, and valid JSON", () => {
	const [same, different, leftOut] = ALL.map((one) =>
		JSON.parse(comparisonJson(one)),
	);
	assert.deepEqual(same, {
		kind: "comparison",
		request: 1,
		method: "GET",
		uri: "/index.php",
		outcome: "same",
		recorded: { status: 200, durationMs: 12.3 },
		replayed: { status: 200, durationMs: 3.4 },
		differences: [],
	});
	assert.deepEqual(different.differences[2], {
		kind: "body",
		at: 7,
		recorded: { text: `${ESC}[2J` },
		replayed: { base64: "/wA=" },
		recordedBytes: 100,
		replayedBytes: 9,
	});
	assert.equal(leftOut.outcome, "leftOut");
	assert.equal("replayed" in leftOut, false);
});

test("the sentence names what there is", () => {
	const none = { same: 0, different: 0, unrecorded: 0, failed: 0, leftOut: 0 };
	assert.equal(
		replaySentence({ ...none, same: 11, different: 1, leftOut: 2 }, 0),
		"12 requests replayed: 11 same, 1 different, 2 left out",
	);
	assert.equal(
		replaySentence({ ...none, failed: 1 }, 4),
		"1 request replayed: 0 same, 0 different, 1 failed, 4 not sent",
	);
});
