// Finds the values of secret fields in `application/x-www-form-urlencoded` (WHATWG URL, section 5.1): names may be encoded
// and nested (`user%5Bpassword%5D=`). A value goes on up to `&`: `;` parts fields in no application server any more, and is
// a usual character of passwords.

import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import { PercentDecoder } from "./percent-decoder.js";
import type { Scanner } from "./scanner.js";

const AMPERSAND = 0x26;
const EQUALS = 0x3d;

/** Values up to this length are cheaper to walk through than to search. */
const SHORT = 24;

/** The scanner of a form. */
export class FormScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #name = new NameBytes();
	readonly #decoder = new PercentDecoder();
	#state: "name" | "value" | "secret" = "name";

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		while (at < to) {
			if (this.#state === "name") {
				at = this.#scanName(bytes, at, to);
				continue;
			}
			const end = findAmpersand(bytes, at, to);
			if (this.#state === "secret") mask.cover(at, end);
			at = end;
			if (at < to) {
				at++;
				this.#startName();
			}
		}
	}

	/** What follows may be the rest of a secret. */
	lose(): void {
		this.#state = "secret";
	}

	#startName(): void {
		this.#state = "name";
		this.#name.clear();
		this.#decoder.clear();
	}

	/** Reads on in a name and returns the place behind what it took. */
	#scanName(bytes: Buffer, from: number, to: number): number {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			if (byte === EQUALS) {
				const { secretField } = this.#judge.judgeBytes(this.#name);
				this.#state = secretField ? "secret" : "value";
				return at + 1;
			}
			if (byte === AMPERSAND) {
				this.#startName();
				continue;
			}
			const decoded = this.#decoder.push(byte);
			if (decoded !== -1) this.#name.add(decoded);
		}
		return to;
	}
}

/** The place of the next `&`, `to` where there is none. */
function findAmpersand(bytes: Buffer, from: number, to: number): number {
	const near = Math.min(from + SHORT, to);
	for (let at = from; at < near; at++) {
		if (bytes[at] === AMPERSAND) return at;
	}
	if (near === to) return to;
	const found = bytes.indexOf(AMPERSAND, near);
	return found === -1 || found > to ? to : found;
}
