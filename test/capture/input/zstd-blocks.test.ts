// A zstd archive in parts (RFC 8878, section 3.1.1), held against what the zstd command wrote and headers put together
// by hand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ZstdBlocks } from "../../../src/capture/input/zstd-blocks.js";

const ARCHIVE = readFileSync(
	new URL("../../../../captures/56-zstd.pcap.zst", import.meta.url),
);
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

function parts(bytes: Buffer, blockLength = bytes.length) {
	const blocks = new ZstdBlocks();
	const out: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += blockLength) {
		const piece = Buffer.from(bytes.subarray(at, at + blockLength));
		out.push(...blocks.push(piece).map((part) => Buffer.from(part)));
		piece.fill(0xee);
	}
	return { out, whole: blocks.whole, problem: blocks.problem };
}

test("the parts of an archive are the archive, however it is cut", () => {
	const once = parts(ARCHIVE);
	assert.ok(Buffer.concat(once.out).equals(ARCHIVE));
	assert.equal(once.whole, true);
	assert.ok(once.out.length >= 3);
	for (const blockLength of [1, 3, 100]) {
		assert.deepEqual(parts(ARCHIVE, blockLength), once);
	}
});

test("an archive is whole at its end, and nowhere before", () => {
	for (let end = 1; end < ARCHIVE.length; end += 13) {
		assert.equal(parts(ARCHIVE.subarray(0, end)).whole, false, `${end}`);
	}
});

// A frame of one raw block "ab", the last: with a window descriptor, and with sizes of all lengths.
const RAW = "11 00 00 61 62";
const FRAMES = {
	"a window descriptor": `28b52ffd 00 58 ${RAW}`,
	"a size of one byte": `28b52ffd 20 02 ${RAW}`,
	"a size of two bytes": `28b52ffd 60 0200 ${RAW}`,
	"a size of four bytes": `28b52ffd a0 02000000 ${RAW}`,
	"a size of eight bytes": `28b52ffd e0 0200000000000000 ${RAW}`,
	"a dictionary and a check": `28b52ffd 07 58 01020304 ${RAW} 99999999`,
};

for (const [name, frame] of Object.entries(FRAMES)) {
	test(`a frame with ${name} is a header and a block`, () => {
		const bytes = hex(frame);
		const { out, whole, problem } = parts(Buffer.concat([bytes, bytes]));
		assert.equal(problem, undefined);
		assert.equal(whole, true);
		assert.ok(out.some((part) => part.equals(hex(RAW))));
		assert.ok(Buffer.concat(out).equals(Buffer.concat([bytes, bytes])));
	});
}

test("frames to be skipped are skipped, a long one in pieces", () => {
	const skippable = Buffer.concat([
		hex("5e2a4d18 10270000"),
		Buffer.alloc(10_000, 0x28),
	]);
	const bytes = Buffer.concat([skippable, hex(`28b52ffd 20 02 ${RAW}`)]);
	for (const blockLength of [1, 999, bytes.length]) {
		const { out, whole } = parts(bytes, blockLength);
		assert.equal(whole, true);
		assert.deepEqual(Buffer.concat(out), hex(`28b52ffd 20 02 ${RAW}`));
	}
});

const IMPOSSIBLE = {
	"a window over the limit": [`28b52ffd 00 80 ${RAW}`, /a window of 67108864/],
	"a content over the limit": [
		`28b52ffd e0 0000000001000000 ${RAW}`,
		/more than the 33554432/,
	],
	"a block of no type": ["28b52ffd 00 58 17 00 00", /block header/],
	"a block that is too large": ["28b52ffd 00 58 01 00 20", /block header/],
	"another magic number": [
		`28b52ffd 20 02 ${RAW} 0102030405060708`,
		/no frame/,
	],
} as const;

for (const [name, [bytes, problem]] of Object.entries(IMPOSSIBLE)) {
	test(`${name} ends an archive`, () => {
		assert.match(parts(hex(bytes)).problem ?? "", problem);
	});
}
