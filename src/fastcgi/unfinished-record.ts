// One record that did not lie whole in one buffer: its pieces, and the holes between them, put together into one
// allocation of the size that its header announces (specification, section 3.3).

import { FCGI_HEADER_LEN } from "./constants.js";
import {
	type FcgiRecord,
	type Hole,
	makeRecord,
	paddingView,
} from "./record.js";
import type { Rooms } from "./rooms.js";

/** Collects one record. Bytes of the input are copied, so nothing of a pushed buffer is kept. */
export class UnfinishedRecord {
	/** Where the header starts in the stream. */
	readonly offset: number;
	/** Room for header, content and padding; holes are left out, so that what is there is contiguous. */
	readonly room: Buffer;
	/** Bytes that the header announces, its own included. */
	readonly #length: number;
	readonly #contentLength: number;
	readonly #paddingLength: number;
	/** Bytes of `room` that are there, the header's included. */
	#filled = FCGI_HEADER_LEN;
	#contentMissing = 0;
	readonly #holes: Hole[] = [];
	#paddingMissing = 0;

	/**
	 * Starts with the header at `at` of `bytes`; `offset` is the header's place in the stream.
	 */
	constructor(bytes: Buffer, at: number, offset: number, rooms: Rooms) {
		this.offset = offset;
		this.#contentLength = bytes.readUInt16BE(at + 4);
		this.#paddingLength = bytes[at + 6] as number;
		this.#length = FCGI_HEADER_LEN + this.#contentLength + this.#paddingLength;
		this.room = rooms.take(this.#length);
		// For eight bytes, `copy` takes ten times as long.
		for (let i = 0; i < FCGI_HEADER_LEN; i++) {
			this.room[i] = bytes[at + i] as number;
		}
	}

	/** Bytes of content and padding that are still to come. */
	get remaining(): number {
		const missing = this.#contentMissing + this.#paddingMissing;
		return this.#length - missing - this.#filled;
	}

	/** What is there of the record's bytes, from the header on; a view that later pieces do not change. */
	get bytes(): Buffer {
		return this.room.subarray(0, this.#filled);
	}

	/** Bytes held, the header's included. */
	get held(): number {
		return this.#filled;
	}

	/** Takes what belongs to the record from `at` on and returns where that ends. */
	fill(bytes: Buffer, at: number): number {
		const end = Math.min(at + this.remaining, bytes.length);
		bytes.copy(this.room, this.#filled, at, end);
		this.#filled += end - at;
		return end;
	}

	/** Leaves a hole of `count` bytes, at most `remaining`. */
	skip(count: number): void {
		const contentFilled = this.#filled - FCGI_HEADER_LEN;
		const contentLeft = this.#contentLength - this.#contentMissing;
		const ofContent = Math.min(count, Math.max(contentLeft - contentFilled, 0));
		this.#addHole(ofContent);
		this.#contentMissing += ofContent;
		this.#paddingMissing += count - ofContent;
	}

	/** The record with what is there of it; `truncated` says that the input ended in it. */
	toRecord(truncated: boolean): FcgiRecord {
		const contentEnd = Math.min(
			FCGI_HEADER_LEN + this.#contentLength - this.#contentMissing,
			this.#filled,
		);
		const left = this.#contentLength - this.#contentMissing;
		this.#addHole(left - (contentEnd - FCGI_HEADER_LEN));
		return makeRecord(
			this.room,
			0,
			this.offset,
			this.room.subarray(FCGI_HEADER_LEN, contentEnd),
			paddingView(this.room, contentEnd, this.#filled),
			this.#contentMissing + this.#paddingMissing + this.remaining,
			truncated,
			this.#holes,
		);
	}

	/** Notes bytes of the content that are missing behind those that are there. */
	#addHole(length: number): void {
		if (length === 0) return;
		const at = Math.min(
			this.#filled - FCGI_HEADER_LEN,
			this.#contentLength - this.#contentMissing,
		);
		const last = this.#holes.at(-1);
		if (last?.at !== at) this.#holes.push({ at, length });
		else {
			this.#holes.pop();
			this.#holes.push({ at, length: last.length + length });
		}
	}
}
