// Name-value pairs, read and written (specification, section 3.4). Where records end carries no meaning in a stream of
// them (section 3.3), so the decoder takes pieces: a pair, a length of it even, may begin in one and end in another.

import { NOTHING, type Stage } from "../stage.js";
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

/**
 * The longest pair that a stream is decoded to, in bytes, lengths included. A length may say 2 GB. An environment
 * string has at most 128 KiB and web servers take less from a client, so this leaves room for odd applications and
 * still bounds what one request can make the decoder hold.
 */
export const MAX_PAIR_LENGTH = 16 * 1024 * 1024;

/** A pair that comes in pieces is first given this much room; the room doubles as bytes come. */
const FIRST_ROOM = 256;

/** What is known of a pair that is not whole. */
export interface PendingPair {
	/** Where its first length byte stands. */
	readonly offset: number;
	/** The announced lengths, in bytes, as far as they are there. */
	readonly nameLength: number | undefined;
	readonly valueLength: number | undefined;
}

/** What a decoder may be told. */
export interface NameValueDecoderOptions {
	/** Offset of the first byte pushed; 0 by default. */
	readonly offset?: number;
	/** In place of `MAX_PAIR_LENGTH`. */
	readonly maxPairLength?: number;
}

/**
 * The incremental decoder. A pair that lies whole in one pushed buffer is views into it, others are copied. No more is
 * allocated than about twice what came. Nothing is thrown: a pair beyond the limit ends the decoding, which `tooLong` says,
 * and a pair cut off by the stream's end is `pending` then.
 */
export class NameValueDecoder implements Stage<Buffer, NameValue> {
	readonly #maxPairLength: number;
	/** Offset of the next byte pushed. */
	#offset: number;
	/** Room for the pair under way, its first `#held` bytes filled. */
	#room: Buffer = NO_BYTES;
	#held = 0;
	/** The pair that was too long. */
	#refused: PendingPair | undefined;

	constructor(options: NameValueDecoderOptions = {}) {
		this.#offset = options.offset ?? 0;
		this.#maxPairLength = options.maxPairLength ?? MAX_PAIR_LENGTH;
	}

	/** True once a pair is longer than the limit: nothing is decoded from there on. */
	get tooLong(): boolean {
		return this.#refused !== undefined;
	}

	/** Bytes of an unfinished pair that came so far and are held, lengths included. */
	get pendingBytes(): number {
		return this.#held;
	}

	/** The unfinished pair, or the one that was too long; undefined between pairs. */
	get pending(): PendingPair | undefined {
		if (this.#refused !== undefined || this.#held === 0) return this.#refused;
		return pendingPair(this.#room, this.#held, this.#offset - this.#held);
	}

	/** The pairs that these bytes complete; none from a pair on that is too long. */
	push(bytes: Buffer): readonly NameValue[] {
		if (bytes.length === 0 || this.#refused !== undefined) return NOTHING;
		const pairs: NameValue[] = [];
		const base = this.#offset;
		this.#offset += bytes.length;
		let at = 0;
		if (this.#held > 0) {
			at = this.#complete(bytes, base, pairs);
			if (at === -1) return NOTHING;
		}
		at = readPairs(bytes, at, base, pairs, this.#maxPairLength);
		if (at < bytes.length) this.#complete(bytes.subarray(at), base + at, pairs);
		return pairs;
	}

	/** Nothing: what the end cuts off is no pair, and stays `pending`. */
	end(): readonly NameValue[] {
		return NOTHING;
	}

	/** Adds to the pair under way; returns the place behind it, or -1 where it goes on or is too long. */
	#complete(bytes: Buffer, base: number, pairs: NameValue[]): number {
		const start = base - this.#held;
		let at = 0;
		for (;;) {
			const wanted = neededBytes(this.#room, this.#held);
			if (wanted > this.#maxPairLength) {
				this.#refused = pendingPair(this.#room, this.#held, start);
				this.#room = NO_BYTES;
				this.#held = 0;
				return -1;
			}
			if (wanted === this.#held) break;
			if (at === bytes.length) return -1;
			const end = Math.min(at + wanted - this.#held, bytes.length);
			this.#makeRoom(this.#held + end - at, wanted);
			bytes.copy(this.#room, this.#held, at, end);
			this.#held += end - at;
			at = end;
		}
		const whole = this.#room.subarray(0, this.#held);
		readPairs(whole, 0, start, pairs, this.#maxPairLength);
		this.#room = NO_BYTES;
		this.#held = 0;
		return at;
	}

	/** Doubles the room until `needed` bytes fit, but never beyond what the pair can use. */
	#makeRoom(needed: number, wanted: number): void {
		if (needed <= this.#room.length) return;
		const doubled = Math.max(this.#room.length * 2, FIRST_ROOM);
		const useful = Math.max(wanted, FIRST_ROOM);
		const room = Buffer.allocUnsafe(
			Math.max(needed, Math.min(doubled, useful)),
		);
		this.#room.copy(room, 0, 0, this.#held);
		this.#room = room;
	}
}

/** How many bytes the pair at the start of `bytes` has, as far as its first `held` bytes tell. */
function neededBytes(bytes: Buffer, held: number): number {
	if (held === 0) return 2;
	const second = lengthBytes(bytes, 0);
	if (held <= second) return second + 1;
	const name = second + lengthBytes(bytes, second);
	if (held < name) return name;
	return name + readLength(bytes, 0) + readLength(bytes, second);
}

function pendingPair(bytes: Buffer, held: number, offset: number): PendingPair {
	const second = held === 0 ? 0 : lengthBytes(bytes, 0);
	const hasName = held > 0 && held >= second;
	const hasValue = held > second && held >= second + lengthBytes(bytes, second);
	return {
		offset,
		nameLength: hasName ? readLength(bytes, 0) : undefined,
		valueLength: hasName && hasValue ? readLength(bytes, second) : undefined,
	};
}

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
function readPairs(
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
function lengthBytes(bytes: Buffer, at: number): 1 | 4 {
	return (bytes[at] as number) > MAX_SHORT_LENGTH ? 4 : 1;
}

/** The length that starts at `at`; all of its bytes have to be there. */
function readLength(bytes: Buffer, at: number): number {
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
