// A stream of name-value pairs, piece by piece (specification, section 3.4). Where records end carries no meaning in it
// (section 3.3), so a pair, a length of it even, may begin in one piece and end in another.

import { NOTHING, type Stage } from "../stage.js";
import {
	lengthBytes,
	type NameValue,
	readLength,
	readPairs,
} from "./name-values.js";
import { NO_BYTES } from "./no-bytes.js";

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
	/** Bytes still to come of a pair that has a hole, and that is left out. */
	#leftOut = 0;
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
		let at = Math.min(this.#leftOut, bytes.length);
		this.#leftOut -= at;
		if (this.#held > 0) {
			at = this.#complete(bytes, base, pairs);
			if (at === -1) return NOTHING;
		}
		at = readPairs(bytes, at, base, pairs, this.#maxPairLength);
		if (at < bytes.length) this.#complete(bytes.subarray(at), base + at, pairs);
		return pairs;
	}

	/**
	 * Says that the next `count` bytes are missing. True where they belong to a name or value whose length is known: that
	 * pair is left out, and the decoding goes on behind it. False where what follows cannot be told.
	 */
	skip(count: number): boolean {
		if (this.#refused !== undefined) return false;
		let left = this.#leftOut;
		if (left === 0) {
			if (this.pending?.valueLength === undefined) return false;
			left = neededBytes(this.#room, this.#held) - this.#held;
		}
		if (count > left) return false;
		this.#room = NO_BYTES;
		this.#held = 0;
		this.#leftOut = left - count;
		this.#offset += count;
		return true;
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
