// Percent-encoding, byte by byte (RFC 3986, section 2.1).

/** Decodes one byte after the other. */
export class PercentDecoder {
	/** -2 outside of an escape, -1 behind its `%`, else its first digit. */
	#first = -2;

	/** The decoded byte; -1 within an escape. What is no escape is left as it is, but for its `%`. */
	push(byte: number): number {
		if (byte === 0x25) {
			this.#first = -1;
			return -1;
		}
		if (this.#first === -2) return byte;
		const digit = hexDigit(byte);
		const first = this.#first;
		this.#first = -2;
		if (digit === -1) return byte;
		if (first >= 0) return first * 16 + digit;
		this.#first = digit;
		return -1;
	}

	/** Whether the next byte is in no escape, unless it starts one. */
	get idle(): boolean {
		return this.#first === -2;
	}

	/** Leaves an escape that is not whole. */
	clear(): void {
		this.#first = -2;
	}
}

/** What a hexadecimal digit counts; -1 for another byte. */
export function hexDigit(byte: number): number {
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	const letter = byte | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
