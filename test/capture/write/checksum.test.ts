import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumOf, swapped } from "../../../src/capture/write/checksum.js";
import { seededRandom } from "../../support/any-cut.js";

/** The checksum as RFC 1071 writes it, number for number. */
function plainChecksum(bytes: Buffer): number {
	let sum = 0;
	for (let at = 0; at < bytes.length; at += 2) {
		sum += ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
	}
	while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
	return ~sum & 0xffff;
}

function checksum(bytes: Buffer): number {
	const padded = new Uint8Array((bytes.length + 7) & ~3);
	padded.set(bytes, 4);
	const words = new Uint32Array(padded.buffer);
	return swapped(checksumOf(words, 4, 4 + bytes.length, 0));
}

test("the example of RFC 1071, section 3", () => {
	const bytes = Buffer.from("0001f203f4f5f6f7", "hex");
	assert.equal(checksum(bytes), 0xffff - 0xddf2);
});

test("bytes of all lengths have the checksum that the plain way gives", () => {
	const random = seededRandom(7);
	for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 41, 1500, 65_000, 65_535]) {
		const bytes = Buffer.alloc(length);
		for (let i = 0; i < length; i++) bytes[i] = Math.floor(random() * 256);
		assert.equal(checksum(bytes), plainChecksum(bytes), `${length} random`);
		bytes.fill(0xff);
		assert.equal(checksum(bytes), plainChecksum(bytes), `${length} ones`);
	}
});
