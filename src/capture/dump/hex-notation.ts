// Bytes as hex digits: `0101 0001`, `01:01:00:01`, `0x01, 0x01`, `{0x1, 0x1}` and one run of digits of any length, on one
// line or on many.

import { HEX_VALUE } from "../text/hex-digits.js";
import type { ByteSink } from "./byte-sink.js";
import type {
	Hole,
	Notation,
	NotationName,
	NotationReader,
} from "./notation.js";
import { isWordCode } from "./word-code.js";

const ZERO = 0x30;
const LETTER_X = 0x78;
const COMMA = 0x2c;

/** Characters in front of bytes that are looked at, to tell a word from bytes. */
const LONGEST_WORD = 20;
/** Digits of the longest groups that dumps have. */
const MAX_GROUP = 16;

/** What a character is, where it is no digit and stands between numbers; all others end the reading. */
const SEPARATOR = -2;
const SPACE = -3;
const CLOSER = -4;
const X = -5;
const COMMENT = -6;

const CLASS = Int8Array.from(HEX_VALUE);
mark(",;:-\"'`{[(\\+", SEPARATOR);
mark(" \t\r", SPACE);
mark("}])", CLOSER);
mark("xX", X);
mark("/#", COMMENT);

function mark(characters: string, kind: number): void {
	for (const character of characters) CLASS[character.charCodeAt(0)] = kind;
}

/** Hex digits, with or without `0x`, and with anything between them. */
export const HEX_NOTATION: Notation = {
	names: ["c-array", "plain-hex", "hex"],
	candidate(text, from) {
		let at = text.indexOf("1", from);
		for (; at !== -1; at = text.indexOf("1", at + 1)) {
			const start = startOf(text, at);
			if (start >= from && isFirst(text, start)) return start;
		}
		return -1;
	},
	reader: (text, at) => {
		const prefixed = (text.charCodeAt(at + 1) | 0x20) === LETTER_X;
		return new HexReader(prefixed, text.charCodeAt(at + 2) !== ZERO);
	},
};

/** Where the number starts whose first byte ends with the 1 at `at`: `01`, `0x01` or `0x1`; -1 where it is none. */
function startOf(text: string, at: number): number {
	const zero = text.charCodeAt(at - 1) === ZERO;
	const start = zero ? at - 1 : at;
	const hasX = (text.charCodeAt(start - 1) | 0x20) === LETTER_X;
	if (hasX && text.charCodeAt(start - 2) === ZERO) {
		return isFree(text, start - 2) ? start - 2 : -1;
	}
	if (!zero) return -1;
	// PostgreSQL writes `\x0101`; `\x01\x01` is another notation, and ends at its second backslash.
	if (hasX && text[start - 2] === "\\") return start;
	return isFree(text, start) ? start : -1;
}

function isFree(text: string, at: number): boolean {
	return at === 0 || !isWordCode(text.charCodeAt(at - 1));
}

/** Whether no bytes, and no offset, stand in front of the number at `at`; a line number may. */
function isFirst(text: string, at: number): boolean {
	let end = at;
	while (end > 0 && isBetween(text.charCodeAt(end - 1))) end--;
	let start = end;
	const least = Math.max(0, end - LONGEST_WORD);
	while (start > least && isWordCode(text.charCodeAt(start - 1))) start--;
	if (start === end) return true;
	const word = text.slice(start, end);
	if (!/^(?:0[xX])?[0-9a-fA-F]*$/.test(word)) return true;
	if (!/^[1-9][0-9]*$/.test(word)) return /^[a-fA-F]{3,}$/.test(word);
	return isBlankBefore(text, start) && /[:\t)|]|\s\s/.test(text.slice(end, at));
}

function isBetween(code: number): boolean {
	const kind = CLASS[code] as number;
	return kind === SEPARATOR || kind === SPACE;
}

function isBlankBefore(text: string, at: number): boolean {
	for (let i = at - 1; i >= 0; i--) {
		if ((CLASS[text.charCodeAt(i)] as number) !== SPACE) return false;
	}
	return true;
}

/** Numbers with half a byte that a line may have: a damaged one has a few. */
const MAX_HOLES = 4096;

class HexReader implements NotationReader {
	closed = false;
	beforeGap = -1;
	holes: Hole[] = [];
	readonly #prefixed: boolean;
	readonly #unpadded: boolean;
	/** The first digit of a byte, -1 where none has come. */
	#nibble = -1;
	/** Digits of the number under way. */
	#digits = 0;
	/** Whether the number under way stands behind `0x`. */
	#behindX = false;
	/** Whether anything stands between the numbers, and whether commas do. */
	#separated = false;
	#commas = false;
	#inComment = false;
	/** Digits of the first line, and of the line before, where they are one number. */
	#width = 0;
	#lineDigits = 0;
	#nibbleBefore = -1;
	/** Whether half a byte at the end of the line before was left out. */
	#dropped = false;

	/** Whether numbers stand behind `0x`, and whether small ones have one digit. */
	constructor(prefixed: boolean, unpadded: boolean) {
		this.#prefixed = prefixed;
		this.#unpadded = unpadded;
	}

	get name(): NotationName {
		if (this.#prefixed && this.#commas) return "c-array";
		return this.#separated ? "hex" : "plain-hex";
	}

	get unfinished(): boolean {
		return this.#nibble >= 0;
	}

	read(text: string, from: number, sink: ByteSink, limit: number): number {
		sink.makeRoom(text.length - from + 1);
		const most = sink.length + limit;
		let at = this.#inComment ? this.#skipComment(text, from) : from;
		while (at < text.length) {
			at = this.#readDigits(text, at, sink, most);
			if (at === text.length) break;
			const kind = CLASS[text.charCodeAt(at)] ?? -1;
			if (kind >= 0) break;
			if (kind === X && this.#nibble === 0 && this.#digits === 1) {
				this.#behindX = true;
				this.#nibble = -1;
				this.#digits = 0;
				at++;
				continue;
			}
			this.#endNumber(sink);
			if (this.closed || sink.length >= most) break;
			if (kind === COMMENT) {
				const end = this.#skipComment(text, at);
				if (end === at) break;
				at = end;
			} else if (kind === SEPARATOR || kind === SPACE) {
				this.#separate(text, at, kind, sink.length);
				at++;
			} else {
				this.closed = kind === CLOSER;
				break;
			}
		}
		return at;
	}

	startLine(text: string, at: number): number {
		this.holes = [];
		this.beforeGap = -1;
		this.#nibbleBefore = this.#nibble;
		// Folded at an odd width, a byte goes on on the next line.
		this.#dropped = false;
		if (this.#nibble >= 0 && text.trimEnd().length - at > this.#width) {
			this.#nibble = -1;
			this.#dropped = true;
		}
		this.#digits = this.#nibble < 0 ? 0 : 1;
		return at;
	}

	endLine(text: string, at: number, sink: ByteSink): string | undefined {
		if (this.#separated || this.#prefixed) this.#endNumber(sink);
		else {
			this.#lineDigits = text.trimEnd().length - at;
			this.#width ||= this.#lineDigits;
			const short = this.#width - this.#lineDigits;
			if (this.#nibble >= 0 && short !== 0) {
				const count = short > 0 ? (short + 1) >> 1 : undefined;
				this.holes.push({ at: sink.length, count });
				this.#nibble = -1;
			}
		}
		if (this.holes.length > 0) return "has an odd number of hex digits";
		return this.#dropped
			? "follows a line with an odd number of hex digits"
			: undefined;
	}

	takeBack(): void {
		this.#nibble = this.#nibbleBefore;
		this.#digits = this.#nibble < 0 ? 0 : 1;
		this.holes = [];
		this.closed = false;
		this.#inComment = false;
	}

	/** The hot loop. */
	#readDigits(
		text: string,
		from: number,
		sink: ByteSink,
		most: number,
	): number {
		const { bytes } = sink;
		let { length } = sink;
		let nibble = this.#nibble;
		let at = from;
		for (; at < text.length; at++) {
			const digit = CLASS[text.charCodeAt(at)] as number;
			if (!(digit >= 0) || length >= most) break;
			if (nibble < 0) nibble = digit;
			else {
				bytes[length++] = (nibble << 4) | digit;
				nibble = -1;
			}
		}
		this.#digits += at - from;
		this.#nibble = nibble;
		sink.length = length;
		return at;
	}

	/** Bytes are missing; where a line is full of such numbers, it is none of bytes, and ends here. */
	#missAt(at: number, count: number): void {
		const last = this.holes.at(-1);
		if (last?.at === at && last.count !== undefined) {
			this.holes[this.holes.length - 1] = { at, count: last.count + count };
		} else this.holes.push({ at, count });
		if (this.holes.length >= MAX_HOLES) this.closed = true;
	}

	/** A number has ended: with half a byte, if it has an odd count of digits. */
	#endNumber(sink: ByteSink): void {
		if (this.#nibble >= 0) {
			const isWhole = this.#behindX && this.#unpadded;
			if (isWhole && this.#digits === 1) sink.push(this.#nibble);
			else {
				// Which of its digits is missing is not known, and so none of its bytes, if they are few.
				const isGroup = this.#digits < MAX_GROUP;
				const whole = isGroup ? Math.min(this.#digits >> 1, sink.length) : 0;
				sink.length -= whole;
				this.#missAt(sink.length, whole + 1);
			}
			this.#nibble = -1;
		}
		this.#digits = 0;
		this.#behindX = false;
	}

	#separate(text: string, at: number, kind: number, length: number): void {
		if (text.charCodeAt(at) === COMMA) this.#commas = true;
		const next = CLASS[text.charCodeAt(at + 1)] as number;
		if (kind === SPACE && next === SPACE) this.beforeGap = length;
		// What stands at the end of a line is between lines.
		if (next >= 0) this.#separated = true;
	}

	/** The end of a comment that starts at `at`, or goes on there; `at` where there is none. */
	#skipComment(text: string, at: number): number {
		if (!this.#inComment) {
			if (text[at] === "#" || text.startsWith("//", at)) return text.length;
			if (!text.startsWith("/*", at)) return at;
		}
		const end = text.indexOf("*/", this.#inComment ? at : at + 2);
		this.#inComment = end === -1;
		return end === -1 ? text.length : end + 2;
	}
}
