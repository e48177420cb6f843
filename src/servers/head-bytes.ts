// The CGI head at the start of STDOUT, as bytes, however it is cut into records (RFC 3875, section 6). Web servers differ on
// where it ends, on how long it may be, and on what a line of it is, so no more than that is done here.

import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { KeptBytes } from "./kept-bytes.js";

/** Finds the end of a head: the offset behind it, -1 where there is none at or behind `from`, before which all was searched. */
export type FindHeadEnd = (bytes: Buffer, from: number) => number;

/** Collects the start of STDOUT until the head is whole. */
export class HeadBytes {
	readonly #limit: number;
	readonly #findEnd: FindHeadEnd;
	readonly #kept: KeptBytes;
	#held: Buffer = NO_BYTES;
	#length = 0;
	#whole = false;

	/** At most `limit` bytes are kept; if that many are no head, none is found any more. */
	constructor(limit: number, findEnd: FindHeadEnd, kept: KeptBytes) {
		this.#limit = limit;
		this.#findEnd = findEnd;
		this.#kept = kept;
	}

	/** What came so far, or, once it is whole, the head; a view. */
	get bytes(): Buffer {
		return this.#held.subarray(0, this.#length);
	}

	get whole(): boolean {
		return this.#whole;
	}

	/** Whether the limit was reached without an end. */
	get tooLong(): boolean {
		return !this.#whole && this.#length >= this.#limit;
	}

	/** Takes a piece of STDOUT; returns how much of it is the body, undefined where the head goes on. */
	push(content: Buffer): number | undefined {
		if (this.#whole) return content.length;
		const before = this.#length;
		this.#add(content.subarray(0, this.#limit - before));
		const end = this.#findEnd(this.bytes, before);
		if (end === -1) return undefined;
		this.#whole = true;
		this.#length = end;
		return content.length - (end - before);
	}

	/** Appends, doubling the room, so that many small records stay cheap. */
	#add(content: Buffer): void {
		const length = this.#length + content.length;
		if (length > this.#held.length) {
			const room = Math.min(Math.max(512, length * 2), this.#limit);
			if (!this.#kept.take(room - this.#held.length)) return;
			const roomier = Buffer.allocUnsafe(room);
			this.#held.copy(roomier, 0, 0, this.#length);
			this.#held = roomier;
		}
		content.copy(this.#held, this.#length);
		this.#length = length;
	}
}

/** The end behind the first empty line. */
export const behindEmptyLine: FindHeadEnd = (bytes, from) => {
	for (let at = bytes.indexOf(10, from); at !== -1; ) {
		const before = bytes[at - 1];
		if (before === undefined || before === 10) return at + 1;
		if (before === 13 && (at === 1 || bytes[at - 2] === 10)) return at + 1;
		at = bytes.indexOf(10, at + 1);
	}
	return -1;
};

/** The end behind the first two line ends in a row that are alike: both bare line feeds, or both with a carriage return. */
export const behindBlankLine: FindHeadEnd = (bytes, from) => {
	for (let at = bytes.indexOf(10, from); at !== -1; ) {
		const full = bytes[at - 1] === 13;
		const before = full ? at - 2 : at - 1;
		if (bytes[before] === 10 && (bytes[before - 1] === 13) === full) {
			return at + 1;
		}
		at = bytes.indexOf(10, at + 1);
	}
	return -1;
};

/** The lines of a head, without their ends, one character a byte. */
export function headLines(bytes: Buffer): string[] {
	const lines = bytes.toString("latin1").split("\n");
	return lines
		.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line))
		.filter((line) => line !== "");
}

/** A field of a head. */
export interface HeadField {
	/** In lower case. */
	readonly name: string;
	readonly value: string;
}

/** The fields among the lines of a head. */
export function headFields(lines: readonly string[]): HeadField[] {
	return lines.flatMap((line) => {
		const colon = line.indexOf(":");
		if (colon <= 0) return [];
		const name = line.slice(0, colon).toLowerCase();
		return [{ name, value: line.slice(colon + 1).trim() }];
	});
}

/** The value of the first field of a name, or of the last one. */
export function fieldValue(
	fields: readonly HeadField[],
	name: string,
	which: "first" | "last" = "last",
): string | undefined {
	const of = fields.filter((field) => field.name === name);
	return of.at(which === "first" ? 0 : -1)?.value;
}
