import assert from "node:assert/strict";
import { test } from "node:test";
import { StderrLines } from "../../src/render/stderr-lines.js";
import { palette } from "../../src/render/words.js";

const STYLE = { colors: palette(false), columns: undefined };

function shown(records: readonly Buffer[], columns?: number): string[] {
	const style = { ...STYLE, columns };
	const stderr = new StderrLines();
	const lines: string[] = [];
	for (const record of records) stderr.push(record, lines, style);
	stderr.end(lines, style);
	return lines;
}

test("each line of a record is a line, with or without a newline at the end", () => {
	assert.deepEqual(shown([Buffer.from("one\r\ntwo\n\nthree")]), [
		"< ! one",
		"< ! two",
		"< ! ",
		"< ! three",
	]);
});

test("a record's text does not wait for the next record", () => {
	const lines: string[] = [];
	new StderrLines().push(Buffer.from("no newline"), lines, STYLE);
	assert.deepEqual(lines, ["< ! no newline"]);
});

test("a character cut in two by the records is shown whole", () => {
	const text = Buffer.from("Zoë 日 👍");
	for (let at = 1; at < text.length; at++) {
		const lines = shown([text.subarray(0, at), text.subarray(at)]);
		const joined = lines.map((line) => line.slice(4)).join("");
		assert.equal(joined, "Zoë 日 👍", `cut at ${at}`);
	}
});

test("what is held back keeps its bytes", () => {
	const stderr = new StderrLines();
	const lines: string[] = [];
	const first = Buffer.of(0x61, 0xc3);
	stderr.push(first, lines, STYLE);
	first.fill(0xee);
	stderr.push(Buffer.of(0xab), lines, STYLE);
	assert.deepEqual(lines, ["< ! a", "< ! ë"]);
});

test("the start of a character that never goes on is shown at the end", () => {
	assert.deepEqual(shown([Buffer.of(0x61, 0xe6)]), ["< ! a", "< ! æ"]);
});

test("long lines are broken, and nothing is left out", () => {
	assert.deepEqual(shown([Buffer.from("aaaa bbbb cccc dddd")], 16), [
		"< ! aaaa bbbb",
		"< !   cccc dddd",
	]);
});
