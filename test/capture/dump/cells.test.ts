import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteSink } from "../../../src/capture/dump/byte-sink.js";
import { readCells } from "../../../src/capture/dump/cells.js";
import { OFFSET_FORMS } from "../../../src/capture/dump/offset-forms.js";

/** The bytes that the first form of this name with these digits reads, and where it stopped. */
function read(
	name: string,
	digits: number,
	text: string,
	limit?: number,
	reversed = false,
): readonly [string, number] {
	const form = OFFSET_FORMS.find(
		(one) => one.name === name && one.cells.digits === digits,
	);
	assert.ok(form !== undefined, `${name} ${digits}`);
	const sink = new ByteSink();
	const end = readCells(text, 0, form.cells, reversed, limit, sink);
	return [sink.bytes.toString("hex", 0, sink.length), end];
}

test("groups of xxd end in front of the text, with a limit or without", () => {
	const line = " 0101 0001 6162  ab cd";
	assert.deepEqual(read("xxd", 0, line), ["010100016162", 15]);
	assert.deepEqual(read("xxd", 0, line, 6), ["010100016162", 15]);
	assert.deepEqual(read("xxd", 0, line, 3), ["010100", 10]);
	assert.deepEqual(read("xxd", 0, " 0101    ab"), ["0101", 5]);
});

test("a gap in the middle is none where it is known how much is to come", () => {
	const line = " 01 02  03 04   abcd";
	assert.deepEqual(read("xxd", 0, line, 4), ["01020304", 13]);
	assert.deepEqual(read("xxd", 0, line), ["0102", 6]);
});

test("the last group of little-endian words stands at the right of its place", () => {
	const line = " 01000101 00000800     6261  ab..";
	assert.deepEqual(read("xxd", 0, line, 10, true)[0], "01010001000800006162");
	assert.deepEqual(
		read("xxd", 0, " 01000101       63  c", undefined, true)[0],
		"0101000163",
	);
});

test("lines of od hold numbers and nothing else", () => {
	assert.deepEqual(read("od", 2, " 01 01 00"), ["010100", 9]);
	assert.deepEqual(read("od", 2, " 01 01 00  >...<", 3), ["010100", 9]);
	assert.equal(read("od", 2, " 01 01 00  ...")[1], -1);
	assert.equal(read("od", 2, " 01 1 00")[1], -1);
	assert.equal(read("od", 2, " 01 01 00 02", 3)[1], -1);
	assert.deepEqual(
		read("od", 6, " 000401 177777", undefined, true)[0],
		"0101ffff",
	);
	assert.equal(read("od", 6, " 200000")[1], -1);
	assert.deepEqual(read("od", 3, " 001 377")[0], "01ff");
	assert.equal(read("od", 3, " 400")[1], -1);
});
