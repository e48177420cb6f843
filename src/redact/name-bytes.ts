// A name that comes byte by byte.

/**
 * The longest name that is read, in bytes: four times the longest that web servers send or frameworks make of nested
 * fields. A longer one is taken for a secret's, where that can be a name at all.
 */
export const MAX_NAME_BYTES = 256;

/** Collects a name. */
export class NameBytes {
	readonly #room = Buffer.allocUnsafe(MAX_NAME_BYTES);
	#length = 0;
	#tooLong = false;

	/** How many bytes it has, at most `MAX_NAME_BYTES`. */
	get length(): number {
		return this.#length;
	}

	/** Whether it has more bytes than are read. */
	get tooLong(): boolean {
		return this.#tooLong;
	}

	/** Adds a byte. */
	add(byte: number): void {
		if (this.#length < MAX_NAME_BYTES) this.#room[this.#length++] = byte;
		else this.#tooLong = true;
	}

	/** Begins another name. */
	clear(): void {
		this.#length = 0;
		this.#tooLong = false;
	}

	/** The name, one character a byte. */
	toString(): string {
		return this.#room.toString("latin1", 0, this.#length);
	}
}
