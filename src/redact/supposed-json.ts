// Takes a body of another type for JSON where it begins like it: PHP says `text/html` of all that a script does not name. Other
// bodies are shown.

import { JsonScanner } from "./json-scanner.js";
import type { Mask } from "./mask.js";
import type { NameJudge } from "./name-judge.js";
import { COVER_ALL, type Scanner, SHOW_ALL } from "./scanner.js";

/** The scanner of a body. */
export class SupposedJson implements Scanner {
	readonly #judge: NameJudge;
	/** Undefined until the first byte has told. */
	#scanner: Scanner | undefined;

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		while (this.#scanner === undefined && at < to) {
			const byte = bytes[at] as number;
			if (saysNothing(byte)) at++;
			else if (startsJson(byte)) this.#scanner = new JsonScanner(this.#judge);
			else this.#scanner = SHOW_ALL;
		}
		this.#scanner?.scan(bytes, at, to, mask);
	}

	/** Whether it is no JSON for sure. */
	get shows(): boolean {
		return this.#scanner === SHOW_ALL;
	}

	lose(): void {
		this.#scanner ??= COVER_ALL;
		this.#scanner.lose();
	}
}

/** Whether JSON that is worth a look starts with this byte: `{` or `[`. */
export function startsJson(byte: number): boolean {
	return byte === 0x7b || byte === 0x5b;
}

/** Whether a byte may stand in front of any text: space, or a byte order mark. */
export function saysNothing(byte: number): boolean {
	return IN_FRONT.has(byte);
}

const IN_FRONT: ReadonlySet<number> = new Set(Buffer.from(" \t\r\n\ufeff"));
