// Name-value pairs in bytes that are all there, read and written (specification, section 3.4).

import { NO_BYTES } from "./no-bytes.js";
import { inRange } from "./range.js";
import { type DecodedText, TextOfParts } from "./text.js";

/** One name-value pair (specification, section 3.4). */
export interface NameValue {
	/** Where its first length byte stands: bytes since the start of the stream, or of the record's content. */
	readonly offset: number;
	/** Bytes that the name's length takes: 1, or 4 with the top bit of the first set. */
	readonly nameLengthBytes: 1 | 4;
	/** Bytes that the value's length takes. */
	readonly valueLengthBytes: 1 | 4;
	readonly name: Buffer;
	readonly value: Buffer;
	/** The name as `decodeText` reads it, and at a tenth of the cost. */
	readonly nameText: DecodedText;
	readonly valueText: DecodedText;
}

/** The longest length that fits one byte (section 3.4). */
const MAX_SHORT_LENGTH = 0x7f;
/** The longest length that fits four bytes (section 3.4). */
const MAX_LONG_LENGTH = 0x7fffffff;

/** What `decodeNameValues` makes of bytes. */
export interface NameValues {
	readonly pairs: readonly NameValue[];
	/** The start of a pair that the bytes do not have the end of; empty where they end with a pair. */
	readonly leftover: Buffer;
}

/** All pairs that lie whole in `bytes`, as views into them; `offset` is the place of the first byte. */
export function decodeNameValues(bytes: Buffer, offset = 0): NameValues {
	const pairs: NameValue[] = [];
	const end = readPairs(bytes, 0, offset, pairs, Number.POSITIVE_INFINITY);
	const leftover = end === bytes.length ? NO_BYTES : bytes.subarray(end);
	return { pairs, leftover };
}

/**
 * Appends the pairs that lie whole in `bytes` from `at` on, views, and returns the place behind the last. Stops in front
 * of a pair of more than `limit` bytes. `base` is the offset of `bytes[0]`.
 */
export function readPairs(
	bytes: Buffer,
	at: number,
	base: number,
	pairs: NameValue[],
	limit: number,
): number {
	const parts = new TextOfParts(bytes);
	let start = at;
	while (start + 2 <= bytes.length) {
		const nameLengthBytes = lengthBytes(bytes, start);
		const second = start + nameLengthBytes;
		if (second >= bytes.length) break;
		const valueLengthBytes = lengthBytes(bytes, second);
		const name = second + valueLengthBytes;
		if (name > bytes.length) break;
		const value = name + readLength(bytes, start);
		const end = value + readLength(bytes, second);
		if (end > bytes.length || end - start > limit) break;
		pairs.push(
			new Pair(
				base + start,
				nameLengthBytes,
				valueLengthBytes,
				parts,
				name,
				value,
				end,
			),
		);
		start = end;
	}
	return start;
}

/** A pair as places in bytes. Most readers want the text alone, and the two views would cost more than all the rest. */
class Pair implements NameValue {
	readonly #parts: TextOfParts;
	readonly #nameAt: number;
	readonly #valueAt: number;
	readonly #end: number;

	constructor(
		readonly offset: number,
		readonly nameLengthBytes: 1 | 4,
		readonly valueLengthBytes: 1 | 4,
		parts: TextOfParts,
		nameAt: number,
		valueAt: number,
		end: number,
	) {
		this.#parts = parts;
		this.#nameAt = nameAt;
		this.#valueAt = valueAt;
		this.#end = end;
	}

	get name(): Buffer {
		return this.#parts.bytes.subarray(this.#nameAt, this.#valueAt);
	}

	get value(): Buffer {
		return this.#parts.bytes.subarray(this.#valueAt, this.#end);
	}

	get nameText(): DecodedText {
		return this.#parts.text(this.#nameAt, this.#valueAt);
	}

	get valueText(): DecodedText {
		return this.#parts.text(this.#valueAt, this.#end);
	}
}

/** How many bytes the length that starts at `at` takes: the top bit says. */
export function lengthBytes(bytes: Buffer, at: number): 1 | 4 {
	return (bytes[at] as number) > MAX_SHORT_LENGTH ? 4 : 1;
}

/** The length that starts at `at`; all of its bytes have to be there. */
export function readLength(bytes: Buffer, at: number): number {
	const first = bytes[at] as number;
	if (first <= MAX_SHORT_LENGTH) return first;
	return (
		((first & 0x7f) << 24) |
		((bytes[at + 1] as number) << 16) |
		((bytes[at + 2] as number) << 8) |
		(bytes[at + 3] as number)
	);
}

/** How the lengths of a pair are to be written; left out, in as few bytes as they need. */
export interface LengthForms {
	readonly nameLengthBytes?: 1 | 4;
	readonly valueLengthBytes?: 1 | 4;
}

/** One pair as bytes; text is written as UTF-8. A length that does not fit its form is a RangeError. */
export function encodeNameValue(
	name: Buffer | string,
	value: Buffer | string,
	forms: LengthForms = {},
): Buffer {
	const nameData = typeof name === "string" ? Buffer.from(name) : name;
	const valueData = typeof value === "string" ? Buffer.from(value) : value;
	return Buffer.concat([
		encodeLength("name length", nameData.length, forms.nameLengthBytes),
		encodeLength("value length", valueData.length, forms.valueLengthBytes),
		nameData,
		valueData,
	]);
}

/** Pairs as bytes, each in the form it was read in. */
export function encodeNameValues(pairs: readonly NameValue[]): Buffer {
	return Buffer.concat(
		pairs.map((pair) => encodeNameValue(pair.name, pair.value, pair)),
	);
}

function encodeLength(
	field: string,
	length: number,
	bytes: 1 | 4 = length > MAX_SHORT_LENGTH ? 4 : 1,
): Buffer {
	if (bytes === 1) {
		return Buffer.of(inRange(field, length, MAX_SHORT_LENGTH));
	}
	const encoded = Buffer.alloc(4);
	encoded.writeUInt32BE(inRange(field, length, MAX_LONG_LENGTH) + 0x80000000);
	return encoded;
}
