import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clip, cut, padEnd, textWidth, wrap } from "../../src/render/width.js";

test("wide characters take two columns, combining marks none", () => {
	const cases: readonly (readonly [string, number])[] = [
		["", 0],
		["abc", 3],
		["é", 1],
		["e\u0301", 1],
		["日本語", 6],
		["👍", 2],
		["ｱ", 1],
		["한글", 4],
		["…", 1],
		["Ω ж", 3],
	];
	for (const [text, width] of cases) {
		assert.equal(textWidth(text), width, JSON.stringify(text));
	}
});

test("a cut text says how many characters are left out", () => {
	assert.equal(cut("abcdefghij", 10), "abcdefghij");
	assert.equal(cut("abcdefghijk", 10), "abcde…(+6)");
	assert.equal(cut("日本語日本語", 11), "日本語…(+3)");
	assert.equal(cut("abcdef", undefined), "abcdef");
	assert.equal(cut("abcdef", 3), "…");
	assert.equal(clip("abcdefghijk", 10), "abcdefghi…");
});

const texts = fc.string({ unit: "grapheme", maxLength: 300 });

test("nothing that is cut, clipped or broken is wider than it may be", () => {
	fc.assert(
		fc.property(texts, fc.integer({ min: 2, max: 60 }), (text, columns) => {
			assert.ok(textWidth(cut(text, columns)) <= columns, "cut");
			assert.ok(textWidth(clip(text, columns)) <= columns, "clipped");
			for (const line of wrap(text, columns)) {
				assert.ok(textWidth(line) <= columns, "wrapped");
			}
		}),
	);
});

test("breaking a text loses nothing but spaces", () => {
	const bare = (text: string) => text.replaceAll(" ", "");
	fc.assert(
		fc.property(
			texts,
			fc.integer({ min: 2, max: 60 }),
			fc.boolean(),
			(text, columns, groups) => {
				const lines = wrap(text, columns, groups);
				assert.equal(bare(lines.join("")), bare(text));
			},
		),
	);
});

test("lines are broken where words, or groups of words, end", () => {
	assert.deepEqual(wrap("one two three", 8), ["one two", "three"]);
	assert.deepEqual(wrap("a b  c d e", 9), ["a b  c d", "e"]);
	assert.deepEqual(wrap("a b  c d e", 9, true), ["a b", "c d e"]);
	assert.deepEqual(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
	assert.deepEqual(wrap("one two three", undefined), ["one two three"]);
	assert.deepEqual(wrap("one\u00a0 two", 4), ["one\u00a0", "two"]);
});

test("padding counts columns", () => {
	assert.equal(padEnd("日", 4), "日  ");
	assert.equal(padEnd("long", 2), "long");
});
