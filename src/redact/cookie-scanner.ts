// Covers the values of cookies, and shows their names (RFC 6265, sections 4.1 and 4.2): of all in `Cookie`, and of the one in
// `Set-Cookie`, whose attributes are shown as well. A cookie without `=` is a name.

import type { Mask } from "./mask.js";
import type { Scanner } from "./scanner.js";

const EQUALS = 0x3d;
const SEMICOLON = 0x3b;

/** The scanner of one value. */
export class CookieScanner implements Scanner {
	#state: "name" | "value" | "attributes" = "name";
	#sets = false;

	/** Begins another value; one that `sets` has a single cookie. */
	start(sets: boolean): void {
		this.#sets = sets;
		this.#state = "name";
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		for (let at = from; at < to; at++) {
			if (this.#state === "attributes") return;
			const byte = bytes[at];
			if (byte === SEMICOLON) {
				this.#state = this.#sets ? "attributes" : "name";
			} else if (this.#state === "value") mask.cover(at, at + 1);
			else if (byte === EQUALS) this.#state = "value";
		}
	}

	/** What follows may be the rest of a value. */
	lose(): void {
		this.#state = "value";
		this.#sets = false;
	}
}
