// Finds the contents of secret parts in `multipart/form-data` (RFC 7578, RFC 2046 section 5.1). A part is secret if its name
// is, be it a field or a file; or if its head cannot be read. Line ends are shown, and so is what begins like a boundary.

import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import type { Scanner } from "./scanner.js";

/** Longest head of a part that is read: ten times what browsers write with a long file name. */
export const MAX_PART_HEAD_BYTES = 4096;

const CARRIAGE_RETURN = 0x0d;
const DASH = 0x2d;
const NEWLINE = 0x0a;

/**
 * `firstLine` is where the boundary is read, which may be another one than was announced; `open` content that is no secret, or what stands in front of the
 * first part; `line` the rest of a boundary's line.
 */
type State = "firstLine" | "line" | "head" | "open" | "secret" | "lost";

/** The scanner of a body. */
export class MultipartScanner implements Scanner {
	readonly #judge: NameJudge;
	#state: State = "firstLine";
	readonly #firstLine = new NameBytes();
	/** A line feed, two dashes, and the boundary. */
	#delimiter: Buffer;
	/** How many bytes of the delimiter were just seen. */
	#matched = 1;
	#head = "";
	#lineLength = 0;

	/** Whether the first line need not be a boundary. */
	readonly #announced: boolean;

	/** Without a boundary, the first line has to be one. */
	constructor(judge: NameJudge, boundary: string | undefined) {
		this.#judge = judge;
		this.#announced = boundary !== undefined;
		this.#delimiter = Buffer.from(`\n--${boundary ?? ""}`, "latin1");
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		while (at < to) {
			switch (this.#state) {
				case "open":
					at = this.#scanOpen(bytes, at, to);
					break;
				case "secret":
					at = this.#scanSecret(bytes, at, to, mask);
					break;
				case "lost":
					mask.cover(at, to);
					return;
				case "firstLine":
					if (this.#readFirstLine(bytes[at] as number)) at++;
					break;
				case "line":
					if (bytes[at++] === NEWLINE) this.#startHead();
					break;
				default:
					this.#readHead(bytes[at++] as number);
			}
		}
	}

	/** What follows may be the content of another part. */
	lose(): void {
		const unknown = this.#state === "firstLine" && !this.#announced;
		this.#state = unknown ? "lost" : "secret";
		this.#matched = 0;
	}

	/** Reads a byte of what should be a boundary; false where it is none. */
	#readFirstLine(byte: number): boolean {
		if (byte === NEWLINE) {
			this.#endFirstLine();
		} else if (byte !== CARRIAGE_RETURN) {
			const { length } = this.#firstLine;
			this.#firstLine.add(byte);
			if ((length < 2 && byte !== DASH) || this.#firstLine.tooLong) {
				this.#state = this.#announced ? "open" : "lost";
				this.#matched = 0;
				return false;
			}
		}
		return true;
	}

	/** Takes the first line for a boundary, unless it is the one that was announced, or there was nothing in front of it. */
	#endFirstLine(): void {
		const line = this.#firstLine.toString().trimEnd();
		if (line.length <= 2 && this.#announced) {
			this.#state = "open";
			this.#matched = 1;
			return;
		}
		const known = this.#delimiter.toString("latin1", 1);
		if (!this.#announced || !line.startsWith(known)) {
			this.#delimiter = Buffer.from(`\n${line}`, "latin1");
		}
		this.#startHead();
	}

	#startHead(): void {
		this.#state = "head";
		this.#head = "";
		this.#lineLength = 0;
	}

	#readHead(byte: number): void {
		if (byte === NEWLINE) {
			if (this.#lineLength === 0) {
				this.#state = this.#isSecret() ? "secret" : "open";
				this.#matched = 0;
				return;
			}
			this.#lineLength = 0;
		} else if (byte !== CARRIAGE_RETURN) this.#lineLength++;
		if (this.#head.length < MAX_PART_HEAD_BYTES) {
			this.#head += String.fromCharCode(byte);
		}
	}

	/** Whether the part's head names a secret; one that is too long may. */
	#isSecret(): boolean {
		if (this.#head.length >= MAX_PART_HEAD_BYTES) return true;
		for (const name of namesIn(this.#head)) {
			if (this.#judge.judge(name).secretField) return true;
		}
		return false;
	}

	/** Looks for the delimiter, and returns the place behind what it took. */
	#scanOpen(bytes: Buffer, from: number, to: number): number {
		let at = from;
		while (this.#matched > 0) {
			if (at === to) return to;
			if (this.#match(bytes[at++] as number)) return at;
		}
		const found = bytes.indexOf(this.#delimiter, at);
		const end = found + this.#delimiter.length;
		if (found !== -1 && end <= to) {
			this.#state = "line";
			return end;
		}
		for (at = Math.max(at, to - this.#delimiter.length + 1); at < to; at++) {
			this.#match(bytes[at] as number);
		}
		return to;
	}

	#scanSecret(bytes: Buffer, from: number, to: number, mask: Mask): number {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			if (this.#match(byte)) return at + 1;
			if (this.#matched > 0 || byte === CARRIAGE_RETURN) continue;
			mask.cover(at, at + 1);
		}
		return to;
	}

	/** Takes a byte of content; true if it ends a delimiter. A line feed is its first byte only, so no match overlaps another. */
	#match(byte: number): boolean {
		if (byte === this.#delimiter[this.#matched]) this.#matched++;
		else this.#matched = byte === NEWLINE ? 1 : 0;
		if (this.#matched < this.#delimiter.length) return false;
		this.#matched = 0;
		this.#state = "line";
		return true;
	}
}

/** What is called `name` in the head of a part, with or without quotes, or encoded (RFC 5987). */
function namesIn(head: string): readonly string[] {
	const lines = head.replaceAll(/\r?\n[ \t]/g, " ").split("\n");
	return lines
		.filter((line) => /^content-disposition[ \t]*:/i.test(line))
		.flatMap((line) => [
			...line.matchAll(
				/[;\s]name\*?\s*=\s*(?:"((?:[^"\\]|\\.)*)|([^";\s]*))/gi,
			),
		])
		.map((found) => found[1] ?? found[2] ?? "");
}
