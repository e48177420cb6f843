// The bytes of a text into its lines. A byte is a character (latin1): dumps are ASCII, and nothing else of a text matters.

import { NOTHING, type Stage } from "../../stage.js";
import { startsAsUtf16, utf8MarkLength } from "../head.js";

/** A line, or a part of one that is longer than `MAX_LINE_LENGTH`. */
export interface Line {
	/** From 1. */
	readonly number: number;
	/** Without its end, `\n` or `\r\n`. */
	readonly text: string;
	/** Whether this is the end of the line. */
	readonly ends: boolean;
	/** True where the input ended before the line did, so that it may be cut off. */
	readonly open?: boolean;
}

/**
 * Characters of a line that are held until its end is there. The longest useful lines are those of system call logs and
 * of JSON, a write or a packet each with four characters for a byte; a plain hex dump may be one line of any length.
 */
export const MAX_LINE_LENGTH = 16 * 2 ** 20;

/** Reads lines from bytes that are cut anywhere. */
export class Lines implements Stage<Buffer, Line> {
	readonly #limit: number;
	#number = 1;
	/** The start of a line whose end has not come. */
	#parts: string[] = [];
	#held = 0;
	#encoding: "latin1" | "utf16le" | undefined;
	/** Bytes that are less than the mark at the start, or than a character. */
	#rest: Buffer = Buffer.alloc(0);

	/** The most characters handed out as one line; fewer in tests. */
	constructor(limit = MAX_LINE_LENGTH) {
		this.#limit = limit;
	}

	push(bytes: Buffer): readonly Line[] {
		const text = this.#decode(bytes);
		if (text === "") return NOTHING;
		const lines: Line[] = [];
		this.#split(text, lines);
		return lines;
	}

	end(): readonly Line[] {
		const lines: Line[] = [];
		if (this.#encoding === undefined) {
			this.#split(this.#rest.toString("latin1"), lines);
		}
		if (this.#held === 0) return lines;
		this.#finish("", lines);
		const last = lines.pop() as Line;
		return [...lines, { ...last, open: true }];
	}

	#split(text: string, lines: Line[]): void {
		let from = 0;
		for (;;) {
			const end = text.indexOf("\n", from);
			if (end === -1) break;
			this.#finish(text.slice(from, end), lines);
			from = end + 1;
		}
		this.#hold(text.slice(from), lines);
	}

	#decode(bytes: Buffer): string {
		if (this.#encoding === "latin1") return bytes.toString("latin1");
		const all =
			this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		let from = 0;
		if (this.#encoding === undefined) {
			if (all.length < 4) {
				this.#rest = Buffer.from(all);
				return "";
			}
			this.#encoding = startsAsUtf16(all) ? "utf16le" : "latin1";
			from = this.#encoding === "utf16le" ? 2 : utf8MarkLength(all);
		}
		const length = all.length - from;
		const odd = this.#encoding === "utf16le" ? length % 2 : 0;
		this.#rest = Buffer.from(all.subarray(all.length - odd));
		return all.toString(this.#encoding, from, all.length - odd);
	}

	#finish(last: string, lines: Line[]): void {
		this.#hold(last, lines);
		const text =
			this.#parts.length === 1
				? (this.#parts[0] as string)
				: this.#parts.join("");
		lines.push({
			number: this.#number++,
			text: text.endsWith("\r") ? text.slice(0, -1) : text,
			ends: true,
		});
		this.#parts = [];
		this.#held = 0;
	}

	#hold(text: string, lines: Line[]): void {
		if (text === "") return;
		this.#parts.push(text);
		this.#held += text.length;
		if (this.#held < this.#limit) return;
		lines.push({
			number: this.#number,
			text: this.#parts.join(""),
			ends: false,
		});
		this.#parts = [];
		this.#held = 0;
	}
}
