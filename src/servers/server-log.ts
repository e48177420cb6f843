// The lines that a web server writes for one request, bounded: an application may write any amount to STDERR.

import { decodeText } from "../fastcgi/text.js";
import type { KeptBytes } from "./kept-bytes.js";

/** Lines that are kept for one request: more than anybody reads of one failure. */
export const MAX_LOG_LINES = 64;
/** Characters of a line: nginx, the server with the shortest, cuts at 2,048 with time and process in front. */
export const MAX_LOG_LINE = 1900;

/** The log of one request. */
export class ServerLog {
	readonly #kept: KeptBytes;
	readonly #lines: string[] = [];
	#more = 0;

	constructor(kept: KeptBytes) {
		this.#kept = kept;
	}

	/** The lines so far; the last says how many more there were. */
	get lines(): readonly string[] {
		if (this.#more === 0) return this.#lines;
		const lines = this.#more === 1 ? "line" : "lines";
		return [...this.#lines, `… ${this.#more} more ${lines} …`];
	}

	/** Writes a line. */
	add(line: string): void {
		if (this.#lines.length >= MAX_LOG_LINES) {
			this.#more++;
			return;
		}
		const short =
			line.length > MAX_LOG_LINE ? `${line.slice(0, MAX_LOG_LINE)}…` : line;
		if (this.#kept.take(short.length)) this.#lines.push(short);
	}

	/** Whether a line more would only be counted, so that it need not be put together. */
	get full(): boolean {
		return this.#lines.length >= MAX_LOG_LINES;
	}
}

/** The text of bytes for a line, no longer than a line takes. */
export function lineText(bytes: Buffer): string {
	return decodeText(bytes.subarray(0, MAX_LOG_LINE + 4)).text;
}

/** Names of control characters behind a backslash. */
const ESCAPES = new Map([
	[0x07, "\\a"],
	[0x08, "\\b"],
	[0x09, "\\t"],
	[0x0a, "\\n"],
	[0x0b, "\\v"],
	[0x0c, "\\f"],
	[0x0d, "\\r"],
]);

/** Bytes as lighttpd and Apache log them: what is not printable ASCII behind a backslash, the backslash itself if asked. */
export function escapedText(bytes: Buffer, backslash: boolean): string {
	let text = "";
	for (const byte of bytes.subarray(0, MAX_LOG_LINE + 4)) {
		if (byte >= 0x20 && byte < 0x7f) {
			text += byte === 0x5c && backslash ? "\\\\" : String.fromCharCode(byte);
		} else {
			text += ESCAPES.get(byte) ?? `\\x${byte.toString(16).padStart(2, "0")}`;
		}
	}
	return text;
}
