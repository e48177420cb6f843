// The bytes of one direction that no record was made of: spans of them, each told when it ends, and the bytes themselves
// in pieces in front of that.

import { NO_BYTES } from "../fastcgi/no-bytes.js";

/** Bytes that no record was made of, because the input does not have them or because no header was found in them. */
export interface Skipped {
	readonly kind: "skipped";
	/** Bytes since the start of the direction. */
	readonly offset: number;
	readonly length: number;
	readonly reason: "missing" | "noRecord";
	/** The first of the bytes, at most 16. */
	readonly firstBytes: Buffer;
	/** What comes behind bytes that are there; undefined for missing ones. */
	readonly until: SkippedUntil | undefined;
}

/** What ends bytes that no record was made of: a record's header, bytes that the input does not have, or the direction's end. */
export type SkippedUntil = "record" | "missing" | "end";

/** Some of the bytes that are there and that no record was made of; the {@link Skipped} that tells of them all follows. */
export interface SkippedPiece {
	readonly kind: "skippedPiece";
	/** Bytes since the start of the direction. */
	readonly offset: number;
	readonly bytes: Buffer;
}

/** Enough of skipped bytes to tell what they are (`HTTP/1.1 400 Bad`). */
const FIRST_BYTES = 16;

/** Skipped bytes are handed out so many at a time: few are held, and a line that shows them is not too long. */
const PIECE_LENGTH = 4096;

/** Collects them; what is told is added to a list of the caller's. */
export class SkippedBytes {
	/** The span of bytes under way. */
	#span: Omit<Skipped, "until"> | undefined;
	/** The last bytes of it that were not handed out yet. */
	#piece: Buffer[] = [];
	#pieceLength = 0;

	/** Takes bytes that no header was found in. */
	add(bytes: Buffer, offset: number, out: SkippedItems): void {
		if (bytes.length === 0) return;
		const span = this.#span;
		const wanted = FIRST_BYTES - (span?.firstBytes.length ?? 0);
		const first = bytes.subarray(0, wanted);
		this.#span = {
			kind: "skipped",
			offset: span?.offset ?? offset,
			length: (span?.length ?? 0) + bytes.length,
			reason: "noRecord",
			firstBytes:
				span === undefined
					? Buffer.from(first)
					: Buffer.concat([span.firstBytes, first]),
		};
		for (let at = 0; at < bytes.length; ) {
			const end = at + PIECE_LENGTH - this.#pieceLength;
			const some = Buffer.from(bytes.subarray(at, end));
			this.#piece.push(some);
			this.#pieceLength += some.length;
			at += some.length;
			if (this.#pieceLength === PIECE_LENGTH) this.#endPiece(offset + at, out);
		}
	}

	/** Takes bytes that the input does not have. */
	miss(offset: number, length: number, out: SkippedItems): void {
		this.end(out, "missing");
		out.push({
			kind: "skipped",
			offset,
			length,
			reason: "missing",
			firstBytes: NO_BYTES,
			until: undefined,
		});
	}

	/** Ends the span under way, if there is one. */
	end(out: SkippedItems, until: SkippedUntil): void {
		if (this.#span === undefined) return;
		this.#endPiece(this.#span.offset + this.#span.length, out);
		out.push({ ...this.#span, until });
		this.#span = undefined;
	}

	/** Hands out the bytes that came together, up to a place. */
	#endPiece(end: number, out: SkippedItems): void {
		const [first] = this.#piece;
		if (first === undefined) return;
		const bytes = this.#piece.length === 1 ? first : Buffer.concat(this.#piece);
		out.push({ kind: "skippedPiece", offset: end - bytes.length, bytes });
		this.#piece = [];
		this.#pieceLength = 0;
	}
}

/** A list that takes what is told of skipped bytes. */
interface SkippedItems {
	push(item: Skipped | SkippedPiece): unknown;
}
