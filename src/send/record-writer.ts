// Content into the bytes of records, each in a buffer of its own that is filled in place: a long body is copied once.

import {
	FCGI_HEADER_LEN,
	FCGI_MAX_LENGTH,
	FCGI_VERSION_1,
} from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Padding } from "./framing.js";

/** Most padding that a record can have. */
const MAX_PADDING = 0xff;

/** Writes the records of one request. */
export class RecordWriter {
	readonly #requestId: number;
	readonly #padding: (contentLength: number) => number;

	constructor(requestId: number, padding: Padding) {
		this.#requestId = requestId;
		this.#padding = paddingRule(padding);
	}

	/** One record. */
	record(type: number, content: Buffer = NO_BYTES): Buffer {
		const room = this.#room(content.length);
		content.copy(room, FCGI_HEADER_LEN);
		return this.#finish(room, type, content.length);
	}

	/** The records of a stream, without the empty one at its end; the last may be less than full. */
	*records(type: number, content: Buffer, size: number): Generator<Buffer> {
		for (let at = 0; at < content.length; at += size) {
			yield this.record(type, content.subarray(at, at + size));
		}
	}

	/** Gathers pieces into full records. */
	filler(type: number, size: number): Filler {
		return new Filler(
			size,
			(length) => this.#room(length),
			(room, length) => this.#finish(room, type, length),
		);
	}

	#room(contentLength: number): Buffer {
		return Buffer.allocUnsafe(FCGI_HEADER_LEN + contentLength + MAX_PADDING);
	}

	#finish(room: Buffer, type: number, contentLength: number): Buffer {
		const padding = this.#padding(contentLength);
		const end = FCGI_HEADER_LEN + contentLength;
		room[0] = FCGI_VERSION_1;
		room[1] = type;
		room.writeUInt16BE(this.#requestId, 2);
		room.writeUInt16BE(contentLength, 4);
		room[6] = padding;
		room[7] = 0;
		room.fill(0, end, end + padding);
		return room.subarray(0, end + padding);
	}
}

/** Pieces of a stream into full records, and one with the rest. */
class Filler {
	readonly #size: number;
	readonly #newRoom: (length: number) => Buffer;
	readonly #finish: (room: Buffer, length: number) => Buffer;
	#room: Buffer | undefined;
	#length = 0;

	constructor(
		size: number,
		newRoom: (length: number) => Buffer,
		finish: (room: Buffer, length: number) => Buffer,
	) {
		this.#size = Math.min(size, FCGI_MAX_LENGTH);
		this.#newRoom = newRoom;
		this.#finish = finish;
	}

	/** The records that a piece fills. */
	*push(piece: Buffer): Generator<Buffer> {
		for (let at = 0; at < piece.length; ) {
			this.#room ??= this.#newRoom(this.#size);
			const from = FCGI_HEADER_LEN + this.#length;
			const copied = piece.copy(
				this.#room,
				from,
				at,
				at + this.#size - this.#length,
			);
			at += copied;
			this.#length += copied;
			if (this.#length === this.#size) yield* this.end();
		}
	}

	/** The record with the rest, if there is one. */
	*end(): Generator<Buffer> {
		if (this.#room === undefined) return;
		const record = this.#finish(this.#room, this.#length);
		this.#room = undefined;
		this.#length = 0;
		yield record;
	}
}

function paddingRule(padding: Padding): (contentLength: number) => number {
	if (padding === "none") return () => 0;
	if (padding === "align8") return (length) => -length & 7;
	if (typeof padding === "number") return () => padding;
	const next = numbersFrom(padding.seed);
	return () => next() & MAX_PADDING;
}

/** Numbers that look random and are the same for the same seed: xorshift (Marsaglia 2003), 32 bits. */
function numbersFrom(seed: number): () => number {
	// Neighbouring seeds are spread first, and 0 would stay 0.
	let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 8;
	};
}
