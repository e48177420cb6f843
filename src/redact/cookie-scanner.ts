// Covers the values of cookies, and shows their names (RFC 6265, sections 4.1 and 4.2): of all in `Cookie`, and of the one in
// `Set-Cookie`, whose attributes are shown as well. A cookie without `=` is a name.

import type { Mask } from "./mask.js";
import type { Scanner } from "./scanner.js";

const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const SPACE = 0x20;

/** `start` is in front of a value; in `quoted` ones, `;` is a part of the value, and so is what is behind a `\`, in `escape`. */
type State = "name" | "start" | "value" | "quoted" | "escape" | "attributes";

/** The scanner of one value. */
export class CookieScanner implements Scanner {
	#state: State = "name";
	#sets = false;

	/** Begins another value; one that `sets` has a single cookie, or more behind commas (RFC 2109, section 4.2.2). */
	start(sets: boolean): void {
		this.#sets = sets;
		this.#state = "name";
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			switch (this.#state) {
				case "attributes":
					// In a date, a comma is followed by no `=`.
					if (byte === COMMA) this.#state = "name";
					break;
				case "name":
					if (byte === EQUALS) this.#state = "start";
					else if (byte === SEMICOLON) this.#endCookie();
					break;
				case "quoted":
					mask.cover(at, at + 1);
					if (byte === QUOTE) this.#state = "value";
					else if (byte === BACKSLASH) this.#state = "escape";
					break;
				case "escape":
					mask.cover(at, at + 1);
					this.#state = "quoted";
					break;
				default:
					if (byte === SEMICOLON) this.#endCookie();
					else {
						mask.cover(at, at + 1);
						if (this.#state === "start" && byte !== SPACE) {
							this.#state = byte === QUOTE ? "quoted" : "value";
						}
					}
			}
		}
	}

	/** What follows may be the rest of a value. */
	lose(): void {
		this.#state = "value";
		this.#sets = false;
	}

	#endCookie(): void {
		this.#state = this.#sets ? "attributes" : "name";
	}
}
