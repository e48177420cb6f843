// A stream that is too long to be kept in memory: its bytes stand in a store, in pieces between those of other streams, and
// only their places are kept.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";

/** Where bytes are put, to be read again; a file, as a rule. */
export interface ByteStore {
	/** Puts bytes behind all others, and returns their place. They are copied. */
	append(bytes: Buffer): number;
	/** Bytes that were put there, in a buffer of the caller's own. */
	read(place: number, length: number): Buffer;
}

/** The bytes of one stream in a store. */
export class StoredBytes {
	readonly #store: ByteStore;
	/** For each piece: where it begins in the stream, and in the store. In order; numbers are all that is kept. */
	readonly #starts: number[] = [];
	readonly #places: number[] = [];
	#length = 0;

	constructor(store: ByteStore) {
		this.#store = store;
	}

	get length(): number {
		return this.#length;
	}

	/** Puts bytes at the stream's end. */
	append(bytes: Buffer): void {
		if (bytes.length === 0) return;
		const place = this.#store.append(bytes);
		const last = this.#starts.length - 1;
		const follows =
			last >= 0 &&
			(this.#places[last] as number) +
				(this.#length - (this.#starts[last] as number)) ===
				place;
		if (!follows) {
			this.#starts.push(this.#length);
			this.#places.push(place);
		}
		this.#length += bytes.length;
	}

	/** The bytes from a place on, so many, or as many as there are. */
	read(from: number, most: number): Buffer {
		const end = Math.min(from + most, this.#length);
		if (from >= end) return NO_BYTES;
		const parts: Buffer[] = [];
		let at = from;
		for (let piece = this.#pieceAt(from); at < end; piece++) {
			const start = this.#starts[piece] as number;
			const pieceEnd = this.#starts[piece + 1] ?? this.#length;
			const length = Math.min(end, pieceEnd) - at;
			const place = (this.#places[piece] as number) + (at - start);
			parts.push(this.#store.read(place, length));
			at += length;
		}
		return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
	}

	/** The bytes between two places, in blocks of a size. */
	*blocks(
		size: number,
		from = 0,
		to: number = this.#length,
	): Generator<Buffer, void> {
		for (let at = from; at < to; at += size) {
			yield this.read(at, Math.min(size, to - at));
		}
	}

	/** The last piece that begins at a place of the stream, or in front of it. */
	#pieceAt(at: number): number {
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.#starts[middle] as number) <= at) low = middle;
			else high = middle - 1;
		}
		return low;
	}
}
