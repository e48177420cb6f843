// The bytes of one record with secrets covered by `*`. They are copied when the first is covered: most records have none.

/** What each byte of a secret is replaced by: `*`. */
const COVER = 0x2a;

/** Collects what is to be covered of some bytes. */
export class Mask {
	#bytes: Buffer;
	#covered = false;

	/** The bytes are not written to. */
	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	/** Covers the bytes from `from` to in front of `to`. */
	cover(from: number, to: number): void {
		if (from >= to) return;
		if (!this.#covered) {
			this.#covered = true;
			this.#bytes = Buffer.from(this.#bytes);
		}
		if (to - from > 32) this.#bytes.fill(COVER, from, to);
		else for (let at = from; at < to; at++) this.#bytes[at] = COVER;
	}

	/** The bytes: the same that came in where nothing was covered. */
	get bytes(): Buffer {
		return this.#bytes;
	}
}
