import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Line, Lines } from "../../../src/capture/text/lines.js";
import { assertCutBlind } from "../../support/any-cut.js";

function linesOf(text: string | Buffer, limit?: number): Line[] {
	const lines = new Lines(limit);
	const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
	return [...lines.push(bytes), ...lines.end()];
}

test("lines are numbered and lose their ends, whichever these are", () => {
	assert.deepEqual(linesOf("one\ntwo\r\n\nfour"), [
		{ number: 1, text: "one", ends: true },
		{ number: 2, text: "two", ends: true },
		{ number: 3, text: "", ends: true },
		{ number: 4, text: "four", ends: true, open: true },
	]);
	assert.deepEqual(linesOf(""), []);
	assert.deepEqual(linesOf("\n"), [{ number: 1, text: "", ends: true }]);
});

test("lines are the same however the bytes are cut, in both encodings", () => {
	const text = "first \xe9\r\nsecond\n\n\nlast";
	assertCutBlind(() => new Lines(), Buffer.from(text, "latin1"));
	assertCutBlind(
		() => new Lines(),
		Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, "utf16le")]),
	);
	assertCutBlind(
		() => new Lines(),
		Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from(text)]),
	);
});

test("the marks of encodings are no part of the first line", () => {
	assert.equal(linesOf("\xef\xbb\xbfabc")[0]?.text, "abc");
	assert.equal(linesOf("\xef\xbb")[0]?.text, "\xef\xbb");
	const utf16 = Buffer.concat([
		Buffer.of(0xff, 0xfe),
		Buffer.from("ab\ncd", "utf16le"),
	]);
	assert.deepEqual(
		linesOf(utf16).map(({ text }) => text),
		["ab", "cd"],
	);
});

test("a line beyond the limit comes in parts of the same number, and the next line is the next", () => {
	const lines = new Lines(10);
	const parts: Line[] = [];
	for (let i = 0; i < 7; i++) parts.push(...lines.push(Buffer.from("12345")));
	parts.push(...lines.push(Buffer.from("end\nnext\n")), ...lines.end());
	assert.deepEqual(parts, [
		{ number: 1, text: "1234512345", ends: false },
		{ number: 1, text: "1234512345", ends: false },
		{ number: 1, text: "1234512345", ends: false },
		{ number: 1, text: "12345end", ends: true },
		{ number: 2, text: "next", ends: true },
	]);
});

test("no character is lost, whatever the limit and the cuts", () => {
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 60 }),
			fc.integer({ min: 1, max: 8 }),
			fc.integer({ min: 1, max: 20 }),
			(text, step, limit) => {
				const lines = new Lines(limit);
				const all: Line[] = [];
				for (let at = 0; at < text.length; at += step) {
					all.push(...lines.push(Buffer.from(text.slice(at, at + step))));
				}
				all.push(...lines.end());
				const joined = all
					.map((line) => line.text + (line.ends ? "\n" : ""))
					.join("");
				assert.equal(joined.replace(/\n$/, ""), text.replace(/\n$/, ""));
			},
		),
	);
});
