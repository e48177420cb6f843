// The head of a response as HAProxy reads it: every line a field or the continuation of one, so many of them, and room for all in
// a buffer, as its own form of a message keeps them.

import { type HeadField, headFields, headLines } from "./head-bytes.js";

/** `tune.bufsize`, 16 KiB if nobody sets it: no head can be longer. */
export const MAX_HEAD = 16_384;

/** `tune.http.maxhdr`, 101 if nobody sets it, one of which is not a field. */
const MAX_FIELDS = 100;

/**
 * Room for the fields: the buffer without `tune.maxrewrite` (1 KiB) and what a message needs besides. Measured: 15,249 bytes
 * are taken, 15,264 are not.
 */
const MAX_ROOM = 15_256;

/** What a field takes besides its name and value. */
const FIELD_COST = 8;

/** A head, or the lines of one that are there. */
export class HaproxyHead {
	readonly #lines: readonly string[];
	readonly fields: readonly HeadField[];
	/** The first word of `Status`, whatever it is; 302 where `Location` comes behind it, or alone; else 200. */
	readonly status: string;

	constructor(bytes: Buffer) {
		this.#lines = headLines(bytes);
		this.fields = headFields(this.#lines);
		// The last of both counts.
		let status = "";
		for (const { name, value } of this.fields) {
			if (name === "status") status = value.split(" ")[0] ?? "";
			else if (name === "location") status = "302";
		}
		this.status = status || "200";
	}

	/** The number that its log has of the status: sixteen bits, whatever the characters are. */
	get statusNumber(): number {
		let number = 0;
		for (let at = 0; at < this.status.length; at++) {
			const digit = this.status.charCodeAt(at) - 0x30;
			number = (number * 10 + digit) & 0xffff;
		}
		return number < 0x8000 ? number : number - 0x10000;
	}

	/** Whether it is not refused. */
	get taken(): boolean {
		const folded = (line: string) =>
			line.startsWith(" ") || line.startsWith("\t");
		if (this.#lines.some((line) => !folded(line) && line.indexOf(":") < 1)) {
			return false;
		}
		if (this.#lines.length > MAX_FIELDS || this.#room > MAX_ROOM) return false;
		if (/^1\d\d$/.test(this.status)) return false;
		const lengths = this.fields.filter(({ name }) => name === "content-length");
		return lengths.every(
			({ value }) => /^\d+$/.test(value) && value === lengths[0]?.value,
		);
	}

	get #room(): number {
		let room = 0;
		for (const { name, value } of this.fields) {
			room += FIELD_COST + name.length + value.length;
		}
		return room;
	}
}
