// Lines out of bytes that applications write: wherever they are cut, however long and however many.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	ApplicationOutput,
	MAX_LINE,
	MAX_LINES_A_SECOND,
} from "../../../src/live/spawn/application-output.js";
import { until } from "../../support/until.js";

/** What is told of some bytes, cut into pieces of a length. */
function told(bytes: Buffer, piece: number): string[] {
	const lines: string[] = [];
	const output = new ApplicationOutput((line) => lines.push(line));
	for (let at = 0; at < bytes.length; at += piece) {
		// What was pushed may be overwritten.
		const pushed = Buffer.from(bytes.subarray(at, at + piece));
		output.push(pushed);
		pushed.fill("#");
	}
	output.end();
	return lines;
}

const LONG = "x".repeat(MAX_LINE);
const CASES: readonly [string, string, readonly string[]][] = [
	["lines", "one\ntwo\r\n\nthree é\n", ["one", "two", "", "three é"]],
	["a last line without an end", "one\ntwo", ["one", "two"]],
	["nothing", "", []],
	["a line as long as may be", `${LONG}\n`, [LONG]],
	[
		"longer lines",
		`${LONG}yz\n${LONG}y`,
		[`${LONG}... (2 more bytes)`, `${LONG}... (1 more bytes)`],
	],
];
for (const [what, text, lines] of CASES) {
	test(`${what}, wherever they are cut`, () => {
		const bytes = Buffer.from(text);
		for (const piece of [1, 2, 3, 7, 4096, 1 << 20]) {
			assert.deepEqual(told(bytes, piece), lines, `pieces of ${piece}`);
		}
	});
}

test("more lines than anybody reads are counted, with their bytes", async () => {
	const lines: string[] = [];
	const output = new ApplicationOutput((line) => lines.push(line));
	output.push(Buffer.from("0123456789\n".repeat(MAX_LINES_A_SECOND + 3)));
	output.push(Buffer.from("0123"));
	output.push(Buffer.from("456789\n"));
	assert.equal(lines.length, MAX_LINES_A_SECOND);
	await until("the second is over", () => lines.length > MAX_LINES_A_SECOND);
	assert.equal(lines.at(-1), "... 4 more lines (44 bytes)");
	output.push(Buffer.from("after\n"));
	assert.equal(lines.at(-1), "after");
	output.end();
	assert.equal(lines.length, MAX_LINES_A_SECOND + 2);
});

test("what was left out is said at the end", () => {
	const lines = told(Buffer.from("a\n".repeat(MAX_LINES_A_SECOND * 3)), 64);
	assert.equal(lines.length, MAX_LINES_A_SECOND + 1);
	assert.equal(lines.at(-1), "... 1000 more lines (2000 bytes)");
});
