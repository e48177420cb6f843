import assert from "node:assert/strict";
import { test } from "node:test";
import { LinePrefix } from "../../../src/capture/dump/line-prefix.js";

/** What is left of the lines, the first of which has its bytes where it says `01`. */
function without(first: string, ...lines: readonly string[]): string[] {
	const prefix = new LinePrefix();
	prefix.begin(first, first.indexOf("01"));
	return lines.map((line) => {
		const at = prefix.endOn(line);
		return prefix.unnumbered ? `no number: ${line}` : line.slice(at);
	});
}

test("blanks and marks of quoting are stepped over", () => {
	assert.deepEqual(without("01", "  ab", "> > ab", "| ab", "ab"), [
		"ab",
		"ab",
		"ab",
		"ab",
	]);
});

test("numbers that grow are those of lines, however they are written", () => {
	assert.deepEqual(without("9:01", "10:02", "12:03"), ["02", "03"]);
	assert.deepEqual(without("     9\t01", "    10\t02"), ["02"]);
	assert.deepEqual(without("a.txt:7: 01", "a.txt:8: 02"), ["02"]);
	assert.deepEqual(without("> 1) 01", "> 2) 02"), ["02"]);
	assert.deepEqual(without('5:  "01', '6:  "02'), ['"02']);
});

test("what does not grow is no number of a line", () => {
	assert.deepEqual(without("9:01", "9:02", "8:03", "02"), [
		"no number: 9:02",
		"no number: 8:03",
		"no number: 02",
	]);
});
