// Bytes as UTF-8 or latin1.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeText, TextOfParts } from "../../src/fastcgi/text.js";

test("text is UTF-8 where the bytes are, and latin1 where not", () => {
	const cases = [
		["", "", false],
		["2f696e6465782e706870", "/index.php", false],
		["c3a4", "ä", false],
		["e4", "ä", true],
		["f09f9880", "😀", false],
		["efbfbd", "\ufffd", false],
		["efbfbdff", "ï¿½ÿ", true],
		["efbbbf41", "\ufeffA", false],
		["c0af", "À¯", true],
		["eda080", "í\xa0\x80", true],
		["f09f98", "ð\x9f\x98", true],
		["0000", "\0\0", false],
	] as const;
	for (const [digits, text, latin1] of cases) {
		const decoded = decodeText(Buffer.from(digits, "hex"));
		assert.deepEqual(decoded, { text, latin1 }, digits);
	}
});

test("encoding the text gives the bytes back, whatever they are", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
			const bytes = Buffer.from(array);
			const { text, latin1 } = decodeText(bytes);
			const again = Buffer.from(text, latin1 ? "latin1" : "utf8");
			assert.deepEqual(again, bytes);
		}),
	);
});

test("it is the strict decoder of the platform that says what UTF-8 is", () => {
	const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	const isUtf8 = (bytes: Buffer) => {
		try {
			strict.decode(bytes);
			return true;
		} catch {
			return false;
		}
	};
	const nearUtf8 = fc
		.array(
			fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4),
		)
		.map((list) => Buffer.from(list));
	fc.assert(
		fc.property(nearUtf8, (bytes) => {
			assert.equal(decodeText(bytes).latin1, !isUtf8(bytes));
		}),
		{ numRuns: 500 },
	);
});

test("a part of many is read as it would be alone", () => {
	const pieces = ["50415448", "", "2f636166c3a9", "ff41", "5a"].map((digits) =>
		Buffer.from(digits, "hex"),
	);
	const all = new TextOfParts(Buffer.concat(pieces));
	let at = 0;
	for (const piece of pieces) {
		const text = all.text(at, at + piece.length);
		assert.deepEqual(text, decodeText(piece), piece.toString("hex"));
		at += piece.length;
	}
});
