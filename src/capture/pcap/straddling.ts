// What straddles the blocks in which a file comes: a header, packet or block of it that begins in one and goes on in the
// next.

/** The part of it that is there. */
export class Straddling {
	/** A buffer of its own for each, as the packet that it becomes is a view into it. */
	#bytes = Buffer.alloc(0);
	#length = 0;

	/** Bytes that are there; 0 where nothing straddles. */
	get length(): number {
		return this.#length;
	}

	/** Keeps a copy of how it begins. */
	begin(bytes: Buffer): void {
		this.#bytes = Buffer.from(bytes);
		this.#length = bytes.length;
	}

	/**
	 * Adds what it lacks, from the start of `block` on, and returns where the rest of the block starts. `needed` says how
	 * long it is as far as its first bytes tell: it is asked again when so many are there.
	 */
	goOn(
		block: Buffer,
		needed: (bytes: Buffer, available: number) => number,
	): number {
		let at = 0;
		for (;;) {
			const lacking = needed(this.#bytes, this.#length) - this.#length;
			if (lacking <= 0 || at === block.length) return at;
			this.#makeRoom(lacking);
			const end = Math.min(at + lacking, block.length);
			block.copy(this.#bytes, this.#length, at, end);
			this.#length += end - at;
			at = end;
		}
	}

	/** Hands out what is there, and keeps nothing. */
	take(): Buffer {
		const bytes = this.#bytes.subarray(0, this.#length);
		this.#length = 0;
		return bytes;
	}

	#makeRoom(more: number): void {
		const length = this.#length + more;
		if (this.#bytes.length >= length) return;
		const larger = Buffer.allocUnsafe(length);
		this.#bytes.copy(larger, 0, 0, this.#length);
		this.#bytes = larger;
	}
}
