// Bytes of one direction of a connection into records (specification, section 3.3), wherever the bytes are cut. It frames
// and never judges: whether a header is to be believed is decided by whoever makes the decoder.

import { NOTHING, type Stage } from "../stage.js";
import { FCGI_HEADER_LEN } from "./constants.js";
import { NO_BYTES } from "./no-bytes.js";
import {
	type FcgiHeader,
	type FcgiRecord,
	makeRecord,
	paddingView,
} from "./record.js";
import { Rooms } from "./rooms.js";
import { UnfinishedRecord } from "./unfinished-record.js";

/** What a decoder may be told. */
export interface RecordDecoderOptions {
	/** Stream offset of the first byte pushed; 0 by default. */
	readonly offset?: number;
	/**
	 * Says whether a header is believed; every one by default. It is asked once for each, as soon as it is whole, and
	 * while it is asked the decoder's `offset` is where the header starts. The object it is given serves again for the
	 * next header.
	 */
	readonly accepts?: (header: FcgiHeader) => boolean;
	/** Where the room of straddling records comes from; of its own by default. */
	readonly rooms?: Rooms;
}

/** What a hole in the input leaves. */
export interface SkipResult {
	/** The record that the hole ended, if it ended one. */
	readonly records: readonly FcgiRecord[];
	/** The last bytes of the hole that belong to no record; where there are any, framing is lost. */
	readonly unframed: number;
	/** The bytes in front of the hole that were the start of a header; no record can be made of them. */
	readonly leftover: Buffer;
}

const NOTHING_SKIPPED: SkipResult = {
	records: NOTHING,
	unframed: 0,
	leftover: NO_BYTES,
};

/**
 * The incremental decoder. A record that lies whole in a pushed buffer is views into it; one that does not is copied
 * once; its views last until the next push. At most the longest record, 65,798 bytes, is held, and what follows a refused
 * header until it is taken.
 */
export class RecordDecoder implements Stage<Buffer, FcgiRecord> {
	readonly #accepts: ((header: FcgiHeader) => boolean) | undefined;
	/** The header that `accepts` is shown. */
	readonly #shown = newHeader();
	/** The start of a header that is not whole yet. */
	readonly #head = Buffer.alloc(FCGI_HEADER_LEN);
	#headLength = 0;
	#unfinished: UnfinishedRecord | undefined;
	readonly #rooms: Rooms;
	/** The room of the straddling record that the push before handed out: nobody looks at it any more at the next one. */
	#lent: Buffer | undefined;
	/** What was pushed from a refused header on. */
	#refused: Buffer[] | undefined;
	#offset: number;

	constructor(options: RecordDecoderOptions = {}) {
		this.#accepts = options.accepts;
		this.#offset = options.offset ?? 0;
		this.#rooms = options.rooms ?? new Rooms();
	}

	/** Stream offset of the next byte to be pushed: everything pushed or skipped is in front of it. */
	get offset(): number {
		return this.#offset;
	}

	/** Bytes held: of an unfinished header or record, header included, or from a refused header on. */
	get heldBytes(): number {
		if (this.#refused !== undefined) {
			return this.#refused.reduce((sum, piece) => sum + piece.length, 0);
		}
		return this.#unfinished?.held ?? this.#headLength;
	}

	/** True where the decoder stands in front of a header that it was told not to believe. */
	get refused(): boolean {
		return this.#refused !== undefined;
	}

	/** The records that these bytes complete. After a refusal none: the bytes are held with the others. */
	push(bytes: Buffer): readonly FcgiRecord[] {
		if (bytes.length === 0) return NOTHING;
		const start = this.#offset;
		const records = this.#read(bytes, start);
		this.#offset = start + bytes.length;
		return records;
	}

	/** The record that the end of the input cuts off. Fewer than eight bytes are no record: they stay held. */
	end(): readonly FcgiRecord[] {
		if (this.#unfinished === undefined) return NOTHING;
		const record = this.#unfinished.toRecord(true);
		this.#unfinished = undefined;
		return [record];
	}

	/**
	 * Says that the next `count` bytes of the stream are not in the input. A record whose content or padding they are
	 * goes on behind the hole, or ends with it; it then has `missing` bytes. A hole that reaches further, that hits a
	 * header or that begins between records leaves `unframed` bytes: the next byte pushed is taken for the start of a
	 * header, so the caller has to search for one first. After a refusal the held bytes must be taken first.
	 */
	skip(count: number): SkipResult {
		if (this.#refused !== undefined) {
			throw new Error(
				"bytes of a refused header have to be taken before a skip",
			);
		}
		if (count === 0) return NOTHING_SKIPPED;
		this.#offset += count;
		const unfinished = this.#unfinished;
		if (unfinished === undefined) {
			const leftover = Buffer.from(this.#head.subarray(0, this.#headLength));
			this.#headLength = 0;
			return { records: NOTHING, unframed: count, leftover };
		}
		const unframed = Math.max(count - unfinished.remaining, 0);
		unfinished.skip(count - unframed);
		if (unfinished.remaining > 0) return NOTHING_SKIPPED;
		this.#unfinished = undefined;
		return {
			records: [unfinished.toRecord(false)],
			unframed,
			leftover: NO_BYTES,
		};
	}

	/**
	 * Hands out the bytes held and goes back to where they start: `offset` is the place of the first of them, and the next
	 * byte pushed is taken for the start of a header. After a refusal they are a view into the buffer pushed last, or a
	 * copy where they began in an earlier one: take them before that buffer is used again.
	 */
	takeHeld(): Buffer {
		let held: Buffer = NO_BYTES;
		let start = this.#offset - this.heldBytes;
		if (this.#refused !== undefined) {
			held =
				this.#refused.length === 1
					? (this.#refused[0] as Buffer)
					: Buffer.concat(this.#refused);
		} else if (this.#unfinished !== undefined) {
			held = this.#unfinished.bytes;
			start = this.#unfinished.offset;
		} else if (this.#headLength > 0) {
			held = Buffer.from(this.#head.subarray(0, this.#headLength));
		}
		this.resume(start);
		return held;
	}

	/** Goes on at another place of the stream: the next byte pushed stands at `offset` and starts a header. */
	resume(offset: number): void {
		this.#refused = undefined;
		this.#unfinished = undefined;
		this.#headLength = 0;
		this.#offset = offset;
		// Whoever starts anew may still have records of the last push in hand.
		this.#lent = undefined;
	}

	#read(bytes: Buffer, start: number): readonly FcgiRecord[] {
		if (this.#refused !== undefined) {
			this.#refused.push(Buffer.from(bytes));
			return NOTHING;
		}
		if (this.#lent !== undefined) {
			this.#rooms.give(this.#lent);
			this.#lent = undefined;
		}
		let at = 0;
		if (this.#headLength > 0) {
			at = this.#continueHeader(bytes, start);
			if (at === -1) return NOTHING;
		}
		let straddling: FcgiRecord | undefined;
		if (this.#unfinished !== undefined) {
			at = this.#unfinished.fill(bytes, at);
			if (this.#unfinished.remaining > 0) return NOTHING;
			straddling = this.#unfinished.toRecord(false);
			this.#lent = this.#unfinished.room;
			this.#unfinished = undefined;
		}
		const records = straddling === undefined ? [] : [straddling];
		at = this.#wholeRecords(bytes, at, start, records);
		if (at < bytes.length && !this.refused) this.#keep(bytes, at, start);
		return records;
	}

	/** Completes the header that is under way; returns the place behind it, or -1 where there is nothing more to do. */
	#continueHeader(bytes: Buffer, start: number): number {
		const wanted = FCGI_HEADER_LEN - this.#headLength;
		bytes.copy(this.#head, this.#headLength, 0, wanted);
		if (bytes.length < wanted) {
			this.#headLength += bytes.length;
			return -1;
		}
		this.#headLength = 0;
		const offset = start + wanted - FCGI_HEADER_LEN;
		if (this.#accepts !== undefined && this.#refuses(this.#head, 0, offset)) {
			this.#refused = [Buffer.concat([this.#head, bytes.subarray(wanted)])];
			return -1;
		}
		this.#unfinished = new UnfinishedRecord(this.#head, 0, offset, this.#rooms);
		return wanted;
	}

	/** Reads the records that lie whole in `bytes` from `at` on; returns where the rest starts. */
	#wholeRecords(
		bytes: Buffer,
		at: number,
		start: number,
		records: FcgiRecord[],
	): number {
		const last = bytes.length - FCGI_HEADER_LEN;
		while (at <= last) {
			if (this.#accepts !== undefined && this.#refuses(bytes, at, start + at)) {
				this.#refused = [bytes.subarray(at)];
				return at;
			}
			const content = at + FCGI_HEADER_LEN;
			const padding =
				content +
				(((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number));
			const end = padding + (bytes[at + 6] as number);
			if (end > bytes.length) return at;
			records.push(
				makeRecord(
					bytes,
					at,
					start + at,
					content === padding ? NO_BYTES : bytes.subarray(content, padding),
					paddingView(bytes, padding, end),
					0,
					false,
				),
			);
			at = end;
		}
		return at;
	}

	/** Copies the start of a record that goes on in the next buffer. */
	#keep(bytes: Buffer, at: number, start: number): void {
		if (bytes.length - at < FCGI_HEADER_LEN) {
			this.#headLength = bytes.copy(this.#head, 0, at);
			return;
		}
		this.#unfinished = new UnfinishedRecord(bytes, at, start + at, this.#rooms);
		this.#unfinished.fill(bytes, at + FCGI_HEADER_LEN);
	}

	#refuses(bytes: Buffer, at: number, offset: number): boolean {
		this.#offset = offset;
		const header = this.#shown;
		header.version = bytes[at] as number;
		header.type = bytes[at + 1] as number;
		header.requestId = bytes.readUInt16BE(at + 2);
		header.contentLength = bytes.readUInt16BE(at + 4);
		header.paddingLength = bytes[at + 6] as number;
		header.reserved = bytes[at + 7] as number;
		return this.#accepts?.(header) === false;
	}
}

function newHeader(): { -readonly [Field in keyof FcgiHeader]: number } {
	return {
		version: 0,
		type: 0,
		requestId: 0,
		contentLength: 0,
		paddingLength: 0,
		reserved: 0,
	};
}
