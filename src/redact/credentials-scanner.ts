// Covers credentials, and shows their scheme (RFC 9110, section 11.4): `Basic ` is shown, and what follows is not. What is
// no scheme is covered from the first byte on that tells it from one.

import type { Mask } from "./mask.js";
import type { Scanner } from "./scanner.js";
import { AUTHORIZATION_SCHEMES } from "./secret-names.js";

const SPACE = 0x20;

/** The scanner of one value. */
export class CredentialsScanner implements Scanner {
	/** What was seen of a scheme, in lower case; undefined behind it. */
	#scheme: string | undefined = "";

	/** Begins another value. */
	start(): void {
		this.#scheme = "";
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		for (; at < to && this.#scheme !== undefined; at++) {
			const byte = bytes[at] as number;
			if (byte === SPACE && AUTHORIZATION_SCHEMES.includes(this.#scheme)) {
				this.#scheme = undefined;
				continue;
			}
			const longer = this.#scheme + String.fromCharCode(byte).toLowerCase();
			const known = AUTHORIZATION_SCHEMES.some((s) => s.startsWith(longer));
			this.#scheme = known ? longer : undefined;
			if (!known) break;
		}
		mask.cover(at, to);
	}

	lose(): void {
		this.#scheme = undefined;
	}
}
