import assert from "node:assert/strict";
import { test } from "node:test";
import { Head, startsAsUtf16, utf8MarkLength } from "../../src/capture/head.js";

const head = (text: string | Buffer, whole = true) =>
	new Head(Buffer.from(text as string, "latin1"), whole);

test("a head says how the input starts", () => {
	const bytes = head("\x0a\x0d\x0d\x0arest");
	assert.equal(bytes.startsWith("0a0d0d0a"), true);
	assert.equal(bytes.startsWith("0a0d0d0b"), false);
	assert.equal(head("\x0a").startsWith("0a0d0d0a"), false);
});

test("text is what has no NUL in it, and UTF-16 with its mark", () => {
	assert.equal(head("some text").isText, true);
	assert.equal(head("some\0text").isText, false);
	assert.equal(head("\xff\xfea\0b\0").isText, true);
	assert.equal(head("").isText, true);
});

test("lines are without their ends, whichever these are, and without marks of encodings", () => {
	assert.deepEqual(head("a\nb\r\nc").lines, ["a", "b", "c"]);
	assert.deepEqual(head("\xef\xbb\xbfa\nb").lines, ["a", "b"]);
	const utf16 = Buffer.concat([
		Buffer.of(0xff, 0xfe),
		Buffer.from("a\r\nb", "utf16le"),
	]);
	assert.deepEqual(new Head(utf16, true).lines, ["a", "b"]);
	assert.deepEqual(head("a\0\nb").lines, []);
});

test("the marks of encodings are told from text", () => {
	assert.equal(startsAsUtf16(Buffer.of(0xff, 0xfe, 0x61, 0)), true);
	assert.equal(startsAsUtf16(Buffer.of(0xff, 0xfe, 0x61, 0x61)), false);
	assert.equal(utf8MarkLength(Buffer.of(0xef, 0xbb, 0xbf)), 3);
	assert.equal(utf8MarkLength(Buffer.of(0xef, 0xbb)), 0);
});
