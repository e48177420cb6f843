// What the models of all open requests keep together, heads and lines for the log, and how much that may be.

/** Most bytes that all models keep: some 60 of the longest heads that a web server takes, at once. */
export const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** The share of one request in what all keep. */
export class KeptBytes {
	readonly #all: { bytes: number };
	#own = 0;
	/** Whether there was no room for something, so that what is kept is not all. */
	full = false;

	constructor(all: { bytes: number }) {
		this.#all = all;
	}

	/** Counts bytes that are about to be kept; false where there is no room for them. */
	take(bytes: number): boolean {
		if (this.#all.bytes + bytes > MAX_KEPT_BYTES) this.full = true;
		if (this.full) return false;
		this.#all.bytes += bytes;
		this.#own += bytes;
		return true;
	}

	/** Gives all of it back. */
	release(): void {
		this.#all.bytes -= this.#own;
		this.#own = 0;
	}
}
