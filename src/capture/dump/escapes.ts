// Bytes as a string with escapes, as programming languages and shells write them: `\x01`, `\1`, `\001`, `\n`, `\u0001`. In
// quotes or not, in one string or in several that follow each other.

import { C_ESCAPES } from "../../fastcgi/c-escapes.js";
import { hexDigitAt } from "../text/hex-digits.js";
import type { ByteSink } from "./byte-sink.js";
import type { Between, Hole, Notation, NotationReader } from "./notation.js";

const BACKSLASH = 0x5c;

/** The escapes of one letter. */
const LETTERS: Readonly<Record<string, number>> = {
	...C_ESCAPES,
	e: 27,
};

/** The longest escape, `\u{0000ff}`. */
const MAX_ESCAPE = 10;
const UNICODE = /^\\u(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})/;

/** Strings with escapes. */
export const ESCAPES: Notation = {
	names: ["escaped"],
	candidate(text, from) {
		let at = text.indexOf("\\", from);
		for (; at !== -1; at = text.indexOf("\\", at + 1)) {
			if (escapedByte(text, at) === 1) return at;
			if (text.charCodeAt(at + 1) === BACKSLASH) at++;
		}
		return -1;
	},
	reader: (text, at) => new EscapeReader(quoteBefore(text, at)),
};

function quoteBefore(text: string, at: number): string {
	const quote = text[at - 1] ?? "";
	return quote === '"' || quote === "'" || quote === "`" ? quote : "";
}

/** The byte that the escape at `at` stands for; -1 where it is none. */
function escapedByte(text: string, at: number): number {
	const letter = text[at + 1] ?? "";
	if (letter === "x" || letter === "X") {
		const high = hexDigitAt(text, at + 2);
		if (high < 0) return -1;
		const low = hexDigitAt(text, at + 3);
		return low < 0 ? high : 16 * high + low;
	}
	if (letter === "u") return unicodeAt(text, at);
	const octal = octalAt(text, at);
	return octal >= 0 ? octal : (LETTERS[letter] ?? -1);
}

/** Characters of the escape at `at`. */
function lengthOf(text: string, at: number): number {
	const letter = text[at + 1];
	if (letter === "x" || letter === "X") {
		if (hexDigitAt(text, at + 2) < 0) return 2;
		return hexDigitAt(text, at + 3) < 0 ? 3 : 4;
	}
	if (letter === "u") {
		return UNICODE.exec(text.slice(at, at + MAX_ESCAPE))?.[0].length ?? 2;
	}
	let end = at + 1;
	while (end < at + 4 && isOctal(text.charCodeAt(end))) end++;
	return Math.max(end - at, 2);
}

function isOctal(code: number): boolean {
	return code >= 0x30 && code <= 0x37;
}

function octalAt(text: string, at: number): number {
	let value = -1;
	for (let i = at + 1; i < at + 4; i++) {
		const code = text.charCodeAt(i);
		if (!isOctal(code)) break;
		value = 8 * Math.max(value, 0) + code - 0x30;
	}
	return value > 255 ? -1 : value;
}

function unicodeAt(text: string, at: number): number {
	const digits = UNICODE.exec(text.slice(at, at + MAX_ESCAPE));
	if (digits === null) return -1;
	const value = Number.parseInt(digits[1] ?? (digits[2] as string), 16);
	return value > 255 ? -1 : value;
}

class EscapeReader implements NotationReader {
	readonly name = "escaped";
	readonly beforeGap = -1;
	holes: Hole[] = [];
	closed = false;
	readonly #quote: string;
	readonly #quoteCode: number;
	/** Whether a string has ended, and another may follow. */
	#between = false;
	/** Whether a line has ended within the quotes, in what may be the middle of an escape. */
	#cut = false;
	/** The start of an escape at the end of a part of a line. */
	#rest = "";

	constructor(quote: string) {
		this.#quote = quote;
		this.#quoteCode = quote === "" ? -1 : quote.charCodeAt(0);
	}

	get unfinished(): boolean {
		return this.#cut;
	}

	read(line: string, from: number, sink: ByteSink, limit: number): number {
		const carried = this.#rest.length;
		const text = carried === 0 ? line : this.#rest + line.slice(from);
		const shift = carried === 0 ? 0 : from - carried;
		this.#rest = "";
		sink.makeRoom(text.length + 1);
		const most = sink.length + limit;
		const { bytes } = sink;
		let { length } = sink;
		let at = carried === 0 ? from : 0;
		if (this.#between) at = this.#nextString(text, at);
		while (at < text.length && length < most) {
			const code = text.charCodeAt(at);
			if (code === this.#quoteCode) {
				sink.length = length;
				at = this.#nextString(text, at + 1);
				if (this.closed) return at + shift;
			} else if (code !== BACKSLASH) {
				if (code <= 0xff) bytes[length++] = code;
				else this.holes.push({ at: length, count: undefined });
				at++;
			} else {
				if (at + MAX_ESCAPE > text.length && this.#mayGoOn(text, at)) {
					this.#rest = text.slice(at);
					sink.length = length;
					return line.length;
				}
				const value = escapedByte(text, at);
				if (value >= 0) bytes[length++] = value;
				else if (text[at + 1] === "u") {
					this.holes.push({ at: length, count: undefined });
				} else bytes[length++] = text.charCodeAt(at + 1);
				at += lengthOf(text, at);
			}
		}
		sink.length = length;
		return Math.min(at + shift, line.length);
	}

	startLine(text: string, at: number, behind: Between): number {
		if (behind !== "nothing") return -1;
		this.holes = [];
		if (this.#quote === "") return text[at] === "\\" ? at : -1;
		this.#between = false;
		const start = behindJoins(text, at);
		return text[start] === this.#quote ? start + 1 : -1;
	}

	/** What is left of an escape is all there is of it. */
	endLine(_text: string, _at: number, sink: ByteSink): string | undefined {
		const rest = this.#rest;
		this.#rest = "";
		// A backslash at the end of a line says that the string goes on.
		this.#cut = this.#quote !== "" && rest.length > 1;
		if (this.#cut || rest === "\\") return this.#wrong();
		for (let at = 0; at < rest.length; ) {
			const value = escapedByte(rest, at);
			if (rest.charCodeAt(at) !== BACKSLASH) sink.push(rest.charCodeAt(at++));
			else {
				sink.push(value >= 0 ? value : rest.charCodeAt(at + 1) & 0xff);
				at += Math.max(lengthOf(rest, at), 1);
			}
		}
		return this.#wrong();
	}

	takeBack(): void {
		this.closed = false;
		this.#rest = "";
	}

	#wrong(): string | undefined {
		return this.holes.length === 0
			? undefined
			: "has characters that are no bytes";
	}

	/** Whether the end of the text may be the middle of an escape. */
	#mayGoOn(text: string, at: number): boolean {
		return at + lengthOf(text, at) >= text.length;
	}

	/** Where the bytes go on behind a closing quote: in a string that follows it, here or on the next line, or not at all. */
	#nextString(text: string, from: number): number {
		const at = behindJoins(text, from);
		this.#between = at === text.length;
		if (this.#between || text[at] === this.#quote)
			return Math.min(at + 1, text.length);
		this.closed = true;
		return from;
	}
}

/** Behind blanks, operators that join strings, and letters that stand in front of a quote. */
function behindJoins(text: string, from: number): number {
	let at = from;
	while (" \t+.$bu\\".includes(text[at] ?? "-")) at++;
	return at;
}
