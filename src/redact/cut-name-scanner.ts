// Covers what follows the rest of a secret's name in a value: the length in front of the name was too small (`HTTP` with the value
// `_COOKIEa=...`). A value that begins otherwise is another scanner's.

import type { Mask } from "./mask.js";
import type { Scanner } from "./scanner.js";

/** The scanner of one value. */
export class CutNameScanner implements Scanner {
	readonly #scanner: Scanner;
	/** The rests that what was seen of the value begins like. */
	#rests: readonly string[];
	#seen = 0;
	#covers = false;

	/** `scanner` looks at what follows none of the `rests`. */
	constructor(scanner: Scanner, rests: readonly string[]) {
		this.#scanner = scanner;
		this.#rests = rests;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		this.#scanner.scan(bytes, from, to, mask);
		let at = from;
		while (at < to && !this.#covers && this.#rests.length > 0) {
			const byte = bytes[at++];
			const place = this.#seen++;
			this.#rests = this.#rests.filter(
				(rest) => rest.charCodeAt(place) === byte,
			);
			this.#covers = this.#rests.some((rest) => rest.length === this.#seen);
		}
		if (this.#covers) mask.cover(at, to);
	}

	lose(): void {
		this.#scanner.lose();
	}
}
