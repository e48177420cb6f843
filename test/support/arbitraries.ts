// Arbitraries of fast-check: records whose lengths say the truth and whose other fields may be anything, name-value
// pairs in all forms, and cuts.

import fc from "fast-check";
import type { RecordDraft } from "../../src/fastcgi/record.js";

/** Type numbers, mostly those that the specification defines. */
export const typeNumber: fc.Arbitrary<number> = fc.oneof(
	{ weight: 4, arbitrary: fc.integer({ min: 1, max: 11 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
);

/** Bytes, sometimes readable. */
export function bytesUpTo(maxLength: number): fc.Arbitrary<Buffer> {
	return fc.oneof(
		fc
			.uint8Array({ maxLength, size: "max" })
			.map((bytes) => Buffer.from(bytes)),
		fc
			.string({ maxLength: Math.floor(maxLength / 4), unit: "grapheme" })
			.map((text) => Buffer.from(text).subarray(0, maxLength)),
	);
}

/** One pair as bytes, lengths in one or four bytes. */
export const encodedPair: fc.Arbitrary<Buffer> = fc
	.record({
		name: bytesUpTo(140),
		value: bytesUpTo(140),
		longName: fc.boolean(),
		longValue: fc.boolean(),
	})
	.map(({ name, value, longName, longValue }) =>
		Buffer.concat([
			lengthBytes(name.length, longName),
			lengthBytes(value.length, longValue),
			name,
			value,
		]),
	);

/** Content that suits some type: a body, pairs, or anything. */
export const content: fc.Arbitrary<Buffer> = fc.oneof(
	bytesUpTo(300),
	fc.uint8Array({ minLength: 8, maxLength: 8 }).map((b) => Buffer.from(b)),
	fc
		.tuple(fc.nat(255), fc.nat(1), fc.nat(255))
		.map(([a, b, c]) => Buffer.from([0, a, b, c, 0, 0, 0, 0])),
	fc.array(encodedPair, { maxLength: 4 }).map((pairs) => Buffer.concat(pairs)),
);

/** A record whose lengths are true; version, reserved byte and padding bytes may be anything. */
export const truthfulDraft: fc.Arbitrary<RecordDraft> = fc.record({
	type: typeNumber,
	requestId: fc.oneof(fc.nat(2), fc.nat(65_535)),
	contentData: content,
	version: fc.oneof(fc.constant(1), fc.nat(255)),
	paddingData: fc.oneof(
		fc.nat(255).map((length) => Buffer.alloc(length)),
		bytesUpTo(20),
	),
	reserved: fc.oneof(fc.constant(0), fc.nat(255)),
});

/** Places to cut at, in order, in an input of that many bytes. */
export function cutsOf(length: number): fc.Arbitrary<number[]> {
	return fc
		.array(fc.nat(length), { maxLength: 30 })
		.map((cuts) => cuts.sort((a, b) => a - b));
}

function lengthBytes(length: number, long: boolean): Buffer {
	if (!long && length < 128) return Buffer.of(length);
	return Buffer.of(0x80, 0, length >> 8, length & 0xff);
}
