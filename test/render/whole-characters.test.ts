import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	firstCharacters,
	wholeCharacters,
} from "../../src/render/whole-characters.js";

test("wherever UTF-8 is cut, what is whole is valid and at most a character short", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), fc.nat(50), (text, cut) => {
			const bytes = Buffer.from(text).subarray(0, cut);
			const whole = wholeCharacters(bytes);
			const kept = bytes.subarray(0, whole);
			assert.deepEqual(Buffer.from(kept.toString()), kept);
			assert.ok(bytes.length - whole <= 3);
		}),
	);
});

test("bytes that are not UTF-8 are never held back beyond three", () => {
	fc.assert(
		fc.property(fc.uint8Array(), (bytes) => {
			const buffer = Buffer.from(bytes);
			const whole = wholeCharacters(buffer);
			assert.ok(whole <= buffer.length && buffer.length - whole <= 3);
		}),
	);
});

test("the first characters are a prefix within the limit", () => {
	assert.equal(firstCharacters(Buffer.from("日本"), 4).toString(), "日");
	assert.equal(firstCharacters(Buffer.from("ab"), 4).toString(), "ab");
});
