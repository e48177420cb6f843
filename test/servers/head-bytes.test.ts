import assert from "node:assert/strict";
import { test } from "node:test";
import {
	behindBlankLine,
	behindEmptyLine,
	fieldValue,
	HeadBytes,
	headFields,
	headLines,
} from "../../src/servers/head-bytes.js";
import { KeptBytes, MAX_KEPT_BYTES } from "../../src/servers/kept-bytes.js";

const kept = () => new KeptBytes({ bytes: 0 });

/** Heads, where they end by an empty line, and where by a blank one, as Apache has it. */
const HEADS: readonly [string, number, number][] = [
	["A: b\n\nbody", 6, 6],
	["A: b\r\n\r\nbody", 8, 8],
	["A: b\r\n\nbody", 7, -1],
	["A: b\n\r\nbody", 7, -1],
	["\nbody", 1, -1],
	["\r\nbody", 2, -1],
	["A: b\nC: d\r\n\r\n", 13, 13],
	["A: b\r\n\n\n", 7, 8],
	["A: b\n", -1, -1],
	["A: b\r\n\r", -1, -1],
	["", -1, -1],
];

test("a head ends where each server finds its end, however it is cut", () => {
	for (const [text, empty, blank] of HEADS) {
		for (const [find, end] of [
			[behindEmptyLine, empty],
			[behindBlankLine, blank],
		] as const) {
			const bytes = Buffer.from(text);
			for (let at = 0; at <= bytes.length; at++) {
				const head = new HeadBytes(1000, find, kept());
				let body = 0;
				for (const piece of [bytes.subarray(0, at), bytes.subarray(at)]) {
					const copy = Buffer.from(piece);
					body += head.push(copy) ?? 0;
					copy.fill(0xee);
				}
				const what = `${JSON.stringify(text)} cut at ${at}`;
				assert.equal(head.whole, end !== -1, what);
				if (end === -1) continue;
				assert.equal(body, bytes.length - end, what);
				assert.deepEqual(head.bytes, bytes.subarray(0, end), what);
			}
		}
	}
});

test("no more is kept than the limit, and none where there is no room", () => {
	const head = new HeadBytes(10, behindEmptyLine, kept());
	assert.equal(head.push(Buffer.from("A: 0123456789\n\n")), undefined);
	assert.deepEqual([head.bytes.length, head.tooLong], [10, true]);
	const full = new KeptBytes({ bytes: MAX_KEPT_BYTES });
	const none = new HeadBytes(10, behindEmptyLine, full);
	assert.equal(none.push(Buffer.from("A: b\n\n")), undefined);
	assert.equal(full.full, true);
});

test("fields are found by name, the first or the last", () => {
	const lines = headLines(Buffer.from("A: 1\r\nnone\n: x\na:2 \n\nB: 3\n"));
	assert.deepEqual(lines, ["A: 1", "none", ": x", "a:2 ", "B: 3"]);
	const fields = headFields(lines);
	assert.equal(fieldValue(fields, "a", "first"), "1");
	assert.equal(fieldValue(fields, "a"), "2");
	assert.equal(fieldValue(fields, "c"), undefined);
});
