// Bytes in base64 (RFC 4648), with the standard alphabet or the one for URLs, on one line or on lines of one width.

import type { ByteSink } from "./byte-sink.js";
import type { Between, Hole, Notation, NotationReader } from "./notation.js";

const PAD = -2;
const END = -3;

const VALUE = new Int8Array(256).fill(-1);
const ALPHABET =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i;
VALUE[0x2b] = VALUE[0x2d] = 62;
VALUE[0x2f] = VALUE[0x5f] = 63;
VALUE[0x3d] = PAD;
for (const character of " \t\"'`\\;,)") VALUE[character.charCodeAt(0)] = END;

/** Characters of the lines that tools make, at least. */
const LEAST_WIDTH = 60;

/** The byte 1 and a type below 16. */
const START = "AQ";

/** Base64: every header starts with `AQ`. */
export const BASE64: Notation = {
	names: ["base64"],
	candidate(text, from) {
		let at = text.indexOf(START, from);
		for (; at !== -1; at = text.indexOf(START, at + 1)) {
			if (at === 0 || !((VALUE[text.charCodeAt(at - 1)] as number) >= 0)) {
				return at;
			}
		}
		return -1;
	},
	reader: () => new Base64Reader(),
};

class Base64Reader implements NotationReader {
	readonly name = "base64";
	readonly beforeGap = -1;
	readonly holes: readonly Hole[] = [];
	closed = false;
	#bits = 0;
	#bitCount = 0;
	/** Characters of the first line, and of the line under way. */
	#width = 0;
	#lineLength = 0;
	/** Whether something else stands behind the bytes, so that they do not go on on the next line. */
	#over = false;
	#before: readonly [number, number] = [0, 0];

	get unfinished(): boolean {
		return this.#bitCount >= 6;
	}

	read(text: string, from: number, sink: ByteSink, limit: number): number {
		sink.makeRoom(text.length - from + 1);
		const { bytes } = sink;
		let { length } = sink;
		const most = length + limit;
		let bits = this.#bits;
		let bitCount = this.#bitCount;
		let at = from;
		for (; at < text.length && length < most; at++) {
			const value = VALUE[text.charCodeAt(at)] as number;
			if (!(value >= 0)) break;
			bits = ((bits << 6) | value) & 0xffff;
			bitCount += 6;
			if (bitCount >= 8) {
				bitCount -= 8;
				bytes[length++] = (bits >> bitCount) & 0xff;
			}
		}
		this.#lineLength += at - from;
		this.#bits = bits;
		this.#bitCount = bitCount;
		sink.length = length;
		return length < most ? this.#atStop(text, at) : at;
	}

	startLine(text: string, at: number, behind: Between): number {
		this.#before = [this.#bits, this.#bitCount];
		this.#lineLength = 0;
		if (behind === "nothing") return this.#over ? -1 : at;
		// Behind a damaged line only those that have its length, and start with a whole group.
		const width = this.#width;
		const fits = width >= LEAST_WIDTH && width % 4 === 0;
		const length = text.trimEnd().length - at;
		if (behind === "blank" || !fits || length !== width) return -1;
		this.#bits = this.#bitCount = 0;
		return at;
	}

	endLine(): undefined {
		// A line that is shorter than the first is the last.
		if (this.#width === 0) this.#width = this.#lineLength;
		else if (this.#lineLength !== this.#width) this.closed = true;
	}

	takeBack(): void {
		this.#over = false;
		[this.#bits, this.#bitCount] = this.#before;
		this.closed = false;
	}

	/** Steps over padding, which ends it, or over the quotes and such that end a line of source code. */
	#atStop(text: string, from: number): number {
		let at = from;
		if (VALUE[text.charCodeAt(at)] === PAD) {
			this.closed = true;
			this.#bitCount = 0;
			while (VALUE[text.charCodeAt(at)] === PAD) at++;
			return at;
		}
		while (VALUE[text.charCodeAt(at)] === END || text.charCodeAt(at) === 0x2b) {
			at++;
		}
		if (at === text.length) return at;
		this.#over = true;
		return from;
	}
}
