import assert from "node:assert/strict";
import { test } from "node:test";
import { readCString } from "../../../src/capture/log/c-string.js";

const CASES: readonly (readonly [string, string, boolean])[] = [
	['""', "", false],
	['"abc"', "616263", false],
	[String.raw`"\1\1\0\1\0\10\0\0"`, "0101000100080000", false],
	[String.raw`"\0011\18\377"`, "01310138ff", false],
	[String.raw`"\x01\x1\xfg"`, "01010f67", false],
	[String.raw`"\n\t\r\v\f\a\b"`, "0a090d0b0c0708", false],
	[String.raw`"\"quoted\\"`, "2271756f7465645c", false],
	['"cut"...', "637574", true],
	['"no end', "6e6f20656e64", true],
	[
		String.raw`"ends in the middle of an escape\x`,
		Buffer.from("ends in the middle of an escape\0").toString("hex"),
		true,
	],
	['"\xe9\xff"', "e9ff", false],
];

for (const [text, hex, cut] of CASES) {
	test(`${text} is ${hex}${cut ? ", cut" : ""}`, () => {
		const found = readCString(`read(4, ${text}`, 8);
		assert.equal(found.bytes.toString("hex"), hex);
		assert.equal(found.cut, cut);
		assert.equal(found.end, 8 + text.length);
	});
}

test("what gcc reads, strace has written: all bytes, in octal and in hex", () => {
	const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
	const octal = [...all].map(
		(byte) => `\\${byte.toString(8).padStart(3, "0")}`,
	);
	const hex = [...all].map(
		(byte) => `\\x${byte.toString(16).padStart(2, "0")}`,
	);
	for (const text of [octal.join(""), hex.join("")]) {
		assert.ok(readCString(`"${text}"`, 0).bytes.equals(all));
	}
});
