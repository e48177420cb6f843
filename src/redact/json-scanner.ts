// Finds the values of secret members in JSON (RFC 8259): strings and numbers, and all those in an object or array that is such a
// value. It checks nothing: what is no JSON is walked through, and what stands in the place of a secret is covered.

import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import { hexDigit } from "./percent-decoder.js";
import type { Scanner } from "./scanner.js";

/** Deepest nesting that is followed: what PHP decodes by default. All that is deeper is covered. */
export const MAX_DEPTH = 512;

const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;
const QUOTE = 0x22;
const LETTER_U = 0x75;

/** The words of JSON, which are no secrets. */
const LITERALS = ["true", "false", "null"] as const;

/** `bare` is a number or a literal, or what is neither. */
type State = "outside" | "name" | "string" | "bare" | "lost";

/** The scanner of a JSON text, or of several in a row. */
export class JsonScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #name = new NameBytes();
	#state: State = "outside";
	/** 1 for each object, 0 for each array around. */
	readonly #objects = new Uint8Array(MAX_DEPTH);
	#depth = 0;
	/** The depth of the outermost value that is a secret's; 0 where there is none. */
	#secretDepth = 0;
	/** Whether the next string is a name: behind `{`, and behind `,` in an object. */
	#nameNext = false;
	/** Whether the value under way, not being in one, is a secret's. */
	#secretMember = false;
	#escaped = false;
	/** Digits to come of an escape `\u`, and its number so far. */
	#digitsLeft = 0;
	#character = 0;
	/** What may become a literal; undefined where it cannot any more. */
	#literal: string | undefined;

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		while (at < to) {
			switch (this.#state) {
				case "outside":
					this.#read(bytes[at++] as number, at - 1, mask);
					break;
				case "bare":
					at = this.#scanBare(bytes, at, to, mask);
					break;
				case "lost":
					mask.cover(at, to);
					return;
				default:
					at = this.#scanString(bytes, at, to, mask);
			}
		}
	}

	/** Whether what follows is in a string, and in whose, cannot be told. */
	lose(): void {
		this.#state = "lost";
	}

	get #secret(): boolean {
		return this.#secretMember || this.#secretDepth > 0;
	}

	/** Reads a byte between values. */
	#read(byte: number, at: number, mask: Mask): void {
		if (byte === QUOTE) {
			this.#escaped = false;
			this.#digitsLeft = 0;
			this.#state = this.#nameNext ? "name" : "string";
			if (this.#nameNext) this.#name.clear();
		} else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
			this.#open(byte === OPEN_OBJECT);
		} else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close();
		else if (byte === COMMA) this.#endMember();
		else if (byte === COLON) this.#nameNext = false;
		else if (byte > 0x20) {
			this.#state = "bare";
			this.#literal = "";
			this.#readBare(byte, at, mask);
		}
	}

	#open(object: boolean): void {
		if (this.#depth === MAX_DEPTH) {
			this.#state = "lost";
			return;
		}
		this.#objects[this.#depth++] = object ? 1 : 0;
		if (this.#secretMember && this.#secretDepth === 0) {
			this.#secretDepth = this.#depth;
		}
		this.#secretMember = false;
		this.#nameNext = object;
	}

	#close(): void {
		if (this.#depth > 0) {
			if (this.#secretDepth === this.#depth) this.#secretDepth = 0;
			this.#depth--;
		}
		this.#secretMember = false;
		this.#nameNext = false;
	}

	#endMember(): void {
		this.#secretMember = false;
		this.#nameNext = this.#depth > 0 && this.#objects[this.#depth - 1] === 1;
	}

	/** Reads on in a string and returns the place behind what it took. */
	#scanString(bytes: Buffer, from: number, to: number, mask: Mask): number {
		const isName = this.#state === "name";
		const secret = !isName && this.#secret;
		let at = from;
		for (; at < to; at++) {
			const byte = bytes[at] as number;
			if (this.#escaped) {
				this.#escaped = false;
				if (isName) this.#unescape(byte);
			} else if (byte === BACKSLASH) this.#escaped = true;
			else if (byte === QUOTE) {
				this.#state = "outside";
				if (isName) this.#endName();
				break;
			} else if (isName) this.#addToName(byte);
		}
		if (secret) mask.cover(from, at);
		return at < to ? at + 1 : to;
	}

	#unescape(byte: number): void {
		if (byte === LETTER_U) {
			this.#digitsLeft = 4;
			this.#character = 0;
		} else this.#name.add(byte);
	}

	#addToName(byte: number): void {
		if (this.#digitsLeft === 0) {
			this.#name.add(byte);
			return;
		}
		this.#character = this.#character * 16 + Math.max(hexDigit(byte), 0);
		// Names of secrets are ASCII: of any other character, one byte will do.
		if (--this.#digitsLeft === 0) this.#name.add(this.#character & 0xff);
	}

	#endName(): void {
		this.#nameNext = false;
		this.#secretMember = this.#judge.judgeBytes(this.#name).secretField;
	}

	/** Reads on in what is no string, and returns the place behind it. */
	#scanBare(bytes: Buffer, from: number, to: number, mask: Mask): number {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			if (byte <= 0x20 || endsBare(byte)) {
				this.#state = "outside";
				return at;
			}
			this.#readBare(byte, at, mask);
		}
		return to;
	}

	#readBare(byte: number, at: number, mask: Mask): void {
		if (!this.#secret) return;
		if (this.#literal !== undefined) {
			const longer: string = this.#literal + String.fromCharCode(byte);
			const known = LITERALS.some((word) => word.startsWith(longer));
			this.#literal = known ? longer : undefined;
		}
		if (this.#literal === undefined) mask.cover(at, at + 1);
	}
}

function endsBare(byte: number): boolean {
	return (
		byte === COMMA ||
		byte === COLON ||
		byte === QUOTE ||
		byte === CLOSE_OBJECT ||
		byte === CLOSE_ARRAY ||
		byte === OPEN_OBJECT ||
		byte === OPEN_ARRAY
	);
}
