// A name that comes byte by byte.

/**
 * The longest name that is read, in bytes: four times the longest that web servers send or frameworks make of nested
 * fields. A longer one is taken for a secret's, where that can be a name at all.
 */
export const MAX_NAME_BYTES = 256;

const FNV_PRIME = 0x01000193;

/** Collects a name. */
export class NameBytes {
	readonly #room = Buffer.allocUnsafe(MAX_NAME_BYTES);
	#length = 0;
	#tooLong = false;
	#hash = 0;

	/** A number that is the same for the same name, and mostly another for another (FNV-1a). */
	get hash(): number {
		return this.#hash;
	}

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
		if (this.#length === MAX_NAME_BYTES) {
			this.#tooLong = true;
			return;
		}
		this.#room[this.#length++] = byte;
		this.#hash = Math.imul(this.#hash ^ byte, FNV_PRIME);
	}

	/** Begins another name. */
	clear(): void {
		this.#length = 0;
		this.#tooLong = false;
		this.#hash = 0;
	}

	/** Whether it has these bytes. */
	equals(bytes: Uint8Array): boolean {
		if (bytes.length !== this.#length) return false;
		for (let at = 0; at < bytes.length; at++) {
			if (bytes[at] !== this.#room[at]) return false;
		}
		return true;
	}

	/** Whether a text begins with these bytes. */
	begins(text: string): boolean {
		for (let at = 0; at < this.#length; at++) {
			if (text.charCodeAt(at) !== this.#room[at]) return false;
		}
		return true;
	}

	/** The bytes, for keeping. */
	copy(): Uint8Array {
		return Uint8Array.from(this.#room.subarray(0, this.#length));
	}

	/** The name, one character a byte. */
	toString(): string {
		return this.#room.toString("latin1", 0, this.#length);
	}
}
