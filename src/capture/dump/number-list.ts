// Bytes as decimal numbers in a list: `[1, 1, 0, 1]` of JavaScript, Rust and JSON, `[1 1 0 1]` of Go, and the signed ones
// of Java. On one line or on many.

import type { ByteSink } from "./byte-sink.js";
import type { Hole, Notation, NotationReader } from "./notation.js";
import { isWordCode } from "./word-code.js";

const ZERO = 0x30;
const MINUS = 0x2d;
const COMMA = 0x2c;

/** Numbers from -128 to 255 with commas or spaces between them. */
export const NUMBER_LIST: Notation = {
	names: ["c-array"],
	candidate(text, from) {
		let at = text.indexOf("1", from);
		for (; at !== -1; at = text.indexOf("1", at + 1)) {
			if (standsAlone(text, at)) return at;
		}
		return -1;
	},
	reader: (text, at) => new NumberReader(opensList(text, at)),
};

/** Whether the digit at `at` is a number in a list: something opens or separates in front, and separates behind. */
function standsAlone(text: string, at: number): boolean {
	const before = text.charCodeAt(at - 1);
	if (at > 0 && (isWordCode(before) || before === 0x2e || before === MINUS)) {
		return false;
	}
	const front = inFront(text, at);
	if (front !== "" && !OPENS.includes(front) && !isNumbered(text, at)) {
		return false;
	}
	const behind = text.charCodeAt(at + 1);
	return at + 1 === text.length || behind === COMMA || behind === 0x20;
}

const OPENS = "[{(:=>";

/** The character in front of `at`, blanks left aside; empty at the start of a line. */
function inFront(text: string, at: number): string {
	let front = at;
	while (front > 0 && text.charCodeAt(front - 1) <= 0x20) front--;
	return text[front - 1] ?? "";
}

/** Whether the number of the line is all that stands in front. */
function isNumbered(text: string, at: number): boolean {
	return at < 40 && /^\s*\d+(?:\t| {2})\s*$/.test(text.slice(0, at));
}

/** Whether a bracket opens the list whose first number stands at `at`, so that one closes it. */
function opensList(text: string, at: number): boolean {
	const front = inFront(text, at);
	return front !== "" && "[{(".includes(front);
}

class NumberReader implements NotationReader {
	readonly name = "c-array";
	readonly beforeGap = -1;
	readonly holes: readonly Hole[] = [];
	closed = false;
	/** The number under way; -1 where there is none. */
	#value = -1;
	#negative = false;
	readonly #opened: boolean;
	/** Whether the number under way has ended with its line. */
	#ended = false;

	/** A list that is opened is closed by a bracket: if none came, the last number may lack digits. */
	constructor(opened: boolean) {
		this.#opened = opened;
	}

	get unfinished(): boolean {
		return this.#value >= 0;
	}

	read(text: string, from: number, sink: ByteSink, limit: number): number {
		sink.makeRoom(text.length - from + 1);
		const most = sink.length + limit;
		if (this.#ended && from < text.length) this.#endNumber(sink);
		let at = from;
		for (; at < text.length; at++) {
			const code = text.charCodeAt(at);
			const digit = code - ZERO;
			if (digit >= 0 && digit <= 9) {
				// Numbers with a zero in front are of other notations.
				if (this.#value === 0 || this.#value > 25) return at;
				this.#value = this.#value < 0 ? digit : 10 * this.#value + digit;
				if (this.#value > (this.#negative ? 128 : 255)) return at;
				continue;
			}
			if (this.#value >= 0) this.#endNumber(sink);
			if (sink.length >= most) return at;
			if (code === MINUS && !this.#negative) this.#negative = true;
			else if (code !== COMMA && code !== 0x20 && code !== 0x09) {
				this.closed = code === 0x5d || code === 0x7d || code === 0x29;
				return at;
			} else if (this.#negative) return at;
		}
		return at;
	}

	startLine(_text: string, at: number): number {
		return at;
	}

	endLine(_text: string, _at: number, sink: ByteSink): undefined {
		if (this.#value < 0) return;
		if (this.#opened) this.#ended = true;
		else this.#endNumber(sink);
	}

	takeBack(): void {
		this.#value = -1;
		this.#negative = this.#ended = false;
		this.closed = false;
	}

	#endNumber(sink: ByteSink): void {
		sink.push(this.#negative ? -this.#value & 0xff : this.#value);
		this.#value = -1;
		this.#negative = this.#ended = false;
	}
}
