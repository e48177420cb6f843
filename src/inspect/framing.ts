// One direction's bytes into records, through loss and rubbish: a record decoder while the framing is known, and a
// search for the next header (fastcgi/header-search) where it is not. What no record was made of is told, too.

import { decodeBody } from "../fastcgi/body.js";
import {
	FCGI_HEADER_LEN,
	FCGI_VERSION_1,
	type Peer,
} from "../fastcgi/constants.js";
import {
	findHeader,
	type HeaderSearch,
	looksLikeHeader,
	recordEnd,
} from "../fastcgi/header-search.js";
import type { FcgiHeader, FcgiRecord } from "../fastcgi/record.js";
import { RecordDecoder } from "../fastcgi/record-decoder.js";
import { Rooms } from "../fastcgi/rooms.js";
import { NOTHING } from "../stage.js";
import { HeldBytes } from "./held-bytes.js";
import {
	type Skipped,
	SkippedBytes,
	type SkippedPiece,
} from "./skipped-bytes.js";

/** What a direction is made of. */
export type Framed = FcgiRecord | Skipped | SkippedPiece;

/** One direction of a connection. Unlike a plain stage it is also told of bytes that the input does not have. */
export class Framing {
	readonly #from: Peer;
	readonly #decoder: RecordDecoder;
	/** True while no header is known to start at the next byte. */
	#searching: boolean;
	/** While searching: bytes not yet judged. They start with what may be a header. */
	readonly #held = new HeldBytes();
	/** A search makes no sense before this many bytes are held: those to the end of the header behind the record. */
	#needs = 0;
	/** Whether the bytes held start at a header that was refused for its version. */
	#refused = false;
	/** Whether the next header is believed, whatever its version. */
	#believed = false;
	/** Whether the bytes held start right behind a hole, and none of them was judged yet. */
	#behindHole = false;
	/** What no record was made of. */
	readonly #skipped = new SkippedBytes();

	/** `startSeen` is false where the first byte pushed need not be the start of a record. */
	constructor(from: Peer, startSeen: boolean, rooms = new Rooms()) {
		this.#from = from;
		const accepts = (header: FcgiHeader) => this.#accepts(header);
		this.#decoder = new RecordDecoder({ accepts, rooms });
		this.#searching = !startSeen;
	}

	/** Whether a record is under way, so that its first byte came earlier. */
	get underWay(): boolean {
		return this.#held.length > 0 || this.#decoder.heldBytes > 0;
	}

	/** Takes the next bytes, `missingBefore` bytes of the stream being absent from the input in front of them. */
	push(bytes: Buffer, missingBefore: number): readonly Framed[] {
		if (missingBefore === 0 && !this.#searching) {
			const records = this.#decoder.push(bytes);
			if (!this.#decoder.refused) return records;
			const out: Framed[] = [...records];
			this.#searchFromRefused(out);
			return out;
		}
		const out: Framed[] = [];
		if (missingBefore > 0) this.#skip(missingBefore, out);
		this.#take(bytes, out);
		return out.length === 0 ? NOTHING : out;
	}

	/** Says that the direction has ended, or that nothing that comes is what would have come next. */
	end(): readonly Framed[] {
		const out: Framed[] = [];
		if (this.#searching) this.#search(out, true);
		for (const record of this.#decoder.end()) out.push(record);
		const rest = this.#decoder.takeHeld();
		this.#skipped.add(rest, this.#decoder.offset, out);
		this.#skipped.end(out, "end");
		return out.length === 0 ? NOTHING : out;
	}

	#accepts(header: FcgiHeader): boolean {
		if (header.version === FCGI_VERSION_1) return true;
		const believed = this.#believed;
		this.#believed = false;
		return believed;
	}

	#take(bytes: Buffer, out: Framed[]): void {
		if (bytes.length === 0) return;
		if (this.#searching) {
			this.#held.add(Buffer.from(bytes));
			if (this.#held.length >= this.#needs) this.#search(out, false);
			return;
		}
		for (const record of this.#decoder.push(bytes)) out.push(record);
		if (this.#decoder.refused) this.#searchFromRefused(out);
	}

	/** Searches from a header that the decoder has refused. */
	#searchFromRefused(out: Framed[]): void {
		const held = Buffer.from(this.#decoder.takeHeld());
		this.#startSearch(this.#decoder.offset);
		this.#refused = true;
		this.#held.add(held);
		this.#search(out, false);
	}

	/**
	 * Looks for headers in what is held, and decodes from each until one is refused; goes on until all is decoded or
	 * more bytes are needed. Where the input has `ended`, what is left over is rubbish.
	 */
	#search(out: Framed[], ended: boolean): void {
		let bytes = this.#held.take();
		while (bytes.length > 0) {
			const found = this.#findNext(bytes, ended);
			this.#discardHeld(bytes.subarray(0, found.offset), out);
			bytes = bytes.subarray(found.offset);
			if (!found.sure) {
				this.#held.add(bytes);
				this.#needs = found.needs - found.offset;
				break;
			}
			this.#skipped.end(out, "record");
			const rest = this.#decodeHeld(bytes, out);
			if (rest === undefined) {
				this.#searching = false;
				return;
			}
			bytes = rest;
		}
		if (ended) this.#decoder.resume(this.#held.at);
	}

	/** Decodes bytes that start with a header; returns those in front of which the framing is lost again. */
	#decodeHeld(bytes: Buffer, out: Framed[]): Buffer | undefined {
		const start = this.#held.at;
		const spans = this.#held.spans(bytes);
		this.#decoder.resume(start);
		for (const span of spans) {
			if (span.bytes === undefined) {
				if (this.#skipInDecoder(span.length, out)) continue;
			} else {
				for (const record of this.#decoder.push(span.bytes)) {
					// The decoder's next push may need the room of a record that straddles.
					out.push(spans.length === 1 ? record : owned(record));
				}
				if (!this.#decoder.refused) continue;
				this.#decoder.takeHeld();
				this.#refused = true;
			}
			this.#held.stepTo(this.#decoder.offset);
			return bytes.subarray(this.#held.at - start);
		}
		return undefined;
	}

	/** Where the next header is: at the start, if it was refused for its version only, or else where a search finds it. */
	#findNext(bytes: Buffer, ended: boolean): HeaderSearch {
		if (this.#refused) {
			const needs = this.#neededToBelieve(bytes, ended);
			if (needs > bytes.length) return { offset: 0, sure: false, needs };
			this.#refused = false;
			if (needs === 0) {
				this.#believed = true;
				return { offset: 0, sure: true, needs: 0 };
			}
		}
		if (this.#behindHole) {
			if (bytes.length < FCGI_HEADER_LEN && !ended) {
				return { offset: 0, sure: false, needs: FCGI_HEADER_LEN };
			}
			this.#behindHole = false;
			if (isUsualHeader(bytes, this.#from)) {
				return { offset: 0, sure: true, needs: 0 };
			}
		}
		return findHeader(bytes, 0, this.#from, ended);
	}

	#startSearch(at: number): void {
		this.#behindHole = false;
		this.#searching = true;
		this.#refused = false;
		this.#needs = 0;
		this.#held.startAt(at);
	}

	/**
	 * A record with a wrong version is believed where it is well framed all the same. Returns how many bytes it takes to
	 * tell: 0 where it is believed, -1 where it is not.
	 */
	#neededToBelieve(bytes: Buffer, ended: boolean): number {
		const version = bytes[0] as number;
		if (!looksLikeHeader(bytes, 0, this.#from, version)) return -1;
		const next = recordEnd(bytes, 0);
		const needs = next + FCGI_HEADER_LEN;
		if (needs <= bytes.length) {
			const nextVersion = bytes[next];
			return looksLikeHeader(bytes, next, this.#from, nextVersion) ? 0 : -1;
		}
		if (!ended) return needs;
		return next === bytes.length ? 0 : -1;
	}

	/** Steps over bytes that the input does not have. */
	#skip(length: number, out: Framed[]): void {
		if (this.#searching) {
			if (this.#isInsideRecord(length)) {
				this.#held.addHole(length);
				return;
			}
			this.#search(out, true);
		}
		if (!this.#skipInDecoder(length, out)) {
			this.#startSearch(this.#decoder.offset);
			this.#behindHole = true;
		}
	}

	/** Whether a hole leaves it open if what is held starts with a header: the next one, which would tell, is behind. */
	#isInsideRecord(hole: number): boolean {
		return (
			this.#held.length >= FCGI_HEADER_LEN &&
			this.#held.length + hole <= this.#needs - FCGI_HEADER_LEN
		);
	}

	/** Steps over bytes in the decoder; false where that loses the framing. */
	#skipInDecoder(length: number, out: Framed[]): boolean {
		const { records, unframed, leftover } = this.#decoder.skip(length);
		for (const record of records) out.push(record);
		if (unframed === 0) return true;
		const from = this.#decoder.offset - unframed;
		this.#skipped.add(leftover, from - leftover.length, out);
		this.#skipped.miss(from, unframed, out);
		return false;
	}

	/** Counts what is held in front of a header, or of the place where one may be. */
	#discardHeld(bytes: Buffer, out: Framed[]): void {
		for (const span of this.#held.spans(bytes)) {
			if (span.bytes !== undefined)
				this.#skipped.add(span.bytes, span.offset, out);
			else this.#skipped.miss(span.offset, span.length, out);
		}
		this.#held.stepTo(this.#held.at + bytes.length);
	}
}

/**
 * Whether the bytes start with a header as all known peers write it. Behind a hole that is enough to believe it: a segment
 * is missing, or its end, and peers begin most segments with a record.
 */
function isUsualHeader(bytes: Buffer, from: Peer): boolean {
	return looksLikeHeader(bytes, 0, from) && (bytes[6] as number) < 8;
}

/** A record that lasts. */
function owned(record: FcgiRecord): FcgiRecord {
	const contentData = Buffer.from(record.contentData);
	return {
		...record,
		contentData,
		paddingData: Buffer.from(record.paddingData),
		body: record.body && decodeBody(record.type, contentData),
	} as FcgiRecord;
}
