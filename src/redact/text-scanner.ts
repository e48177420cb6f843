// Finds secrets in running text, such as STDERR, line by line: `password=...`, `token: ...`, `[password] => ...`,
// `"password":"..."`. It is no parser of anything: it looks for a secret's name, what may close a name, a separator, and covers
// the quoted text or the word that follows; behind `=>`, and of cookies and credentials, all to the end of the line.

import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import type { Scanner } from "./scanner.js";

const AMPERSAND = 0x26;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const DOUBLE_QUOTE = 0x22;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const NEWLINE = 0x0a;
const QUOTE = 0x27;
const SPACE = 0x20;

/** `between` is behind a name; `before` a value, behind the separator. */
type State = "name" | "between" | "before" | "word" | "quoted" | "line";

/** The scanner of text. */
export class TextScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #name = new NameBytes();
	#state: State = "name";
	/** Whether a quote or `]` has closed the name: so it is one, and no word of a sentence. */
	#named = false;
	/** Whether a value goes on to the end of its line, unless it is quoted. */
	#toLineEnd = false;
	/** Whether the separator is `=>`, behind which a value may stand on the next line. */
	#arrow = false;
	#quote = 0;
	#escaped = false;

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			switch (this.#state) {
				case "name":
				case "between":
					this.#read(byte);
					break;
				case "before":
					if (this.#begins(byte)) mask.cover(at, at + 1);
					break;
				default:
					if (this.#ends(byte)) this.#startName();
					else if (byte !== 0x0d) mask.cover(at, at + 1);
			}
		}
	}

	/** What follows may be the rest of a secret. */
	lose(): void {
		this.#state = "line";
	}

	#startName(): void {
		this.#state = "name";
		this.#named = false;
		this.#name.clear();
	}

	/** Reads a byte in front of a separator. */
	#read(byte: number): void {
		if (isNameByte(byte)) {
			if (this.#state === "between") this.#startName();
			this.#name.add(byte);
		} else if (this.#name.length === 0) return;
		else if (byte === EQUALS || byte === COLON) this.#separate(byte);
		else if (closesName(byte)) {
			this.#state = "between";
			this.#named ||= byte > SPACE;
		} else this.#startName();
	}

	#separate(separator: number): void {
		const judged = this.#judge.judgeBytes(this.#name);
		const secret =
			separator === EQUALS || this.#named
				? judged.secretField && !this.#name.tooLong
				: judged.secretInText;
		this.#startName();
		if (!secret) return;
		this.#state = "before";
		this.#arrow = false;
		this.#toLineEnd =
			judged.treatment === "credentials" ||
			judged.treatment === "cookies" ||
			judged.treatment === "setCookie";
	}

	/** Reads a byte in front of a value; true if it is the value's first. */
	#begins(byte: number): boolean {
		if (byte === EQUALS || byte === GREATER) {
			this.#arrow = byte === GREATER;
			this.#toLineEnd ||= this.#arrow;
		} else if (byte === NEWLINE) {
			if (!this.#arrow) this.#startName();
			this.#arrow = false;
		} else if (byte === DOUBLE_QUOTE || byte === QUOTE) {
			this.#quote = byte;
			this.#escaped = false;
			this.#state = "quoted";
		} else if (byte === AMPERSAND) this.#startName();
		// Quotes are escaped in JSON that is quoted itself.
		else if (byte > SPACE && byte !== BACKSLASH) {
			this.#state = this.#toLineEnd ? "line" : "word";
			return true;
		}
		return false;
	}

	/** Whether a value ends in front of the byte. */
	#ends(byte: number): boolean {
		if (byte === NEWLINE) return true;
		if (this.#state === "line") return false;
		if (this.#state === "word") {
			const quotes = byte === DOUBLE_QUOTE || byte === QUOTE;
			return byte <= SPACE || byte === AMPERSAND || quotes;
		}
		if (this.#escaped) this.#escaped = false;
		else if (byte === BACKSLASH) this.#escaped = true;
		else return byte === this.#quote;
		return false;
	}
}

/** Letters, digits, `-`, `_`, `.` and `[`, and what is no ASCII. */
function isNameByte(byte: number): boolean {
	const letter = byte | 0x20;
	return (
		(letter >= 0x61 && letter <= 0x7a) ||
		(byte >= 0x30 && byte <= 0x39) ||
		byte === 0x5f ||
		byte === 0x2d ||
		byte === 0x2e ||
		byte === 0x5b ||
		byte >= 0x80
	);
}

/** A quote, `]` or a space, which may stand between a name and what parts it from its value. */
function closesName(byte: number): boolean {
	return (
		byte === DOUBLE_QUOTE ||
		byte === QUOTE ||
		byte === 0x5d ||
		byte === SPACE ||
		byte === 0x09 ||
		byte === BACKSLASH
	);
}
