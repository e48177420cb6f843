// nginx's buffer for the head of a response: the records' headers and padding share it, and STDERR that comes before STDOUT
// leaves it only where a read ends with it. As nobody sees how nginx's reads fell, it is kept for both extremes: all bytes at
// once, and STDERR apart.

/** `fastcgi_buffer_size`: 4 KiB, a page, if nobody sets it. */
export const BUFFER_SIZE = 4096;

/** How full the buffer is. */
export class NginxBuffer {
	/** If STDERR came apart, and if all came at once. */
	#least = 0;
	#most = 0;
	#stdoutSeen = false;

	/** Takes bytes of a record that are neither STDERR nor STDOUT. */
	add(bytes: number): void {
		this.#least += bytes;
		this.#most += bytes;
	}

	/** Takes bytes of STDOUT. */
	addStdout(bytes: number): void {
		this.#stdoutSeen = true;
		this.add(bytes);
	}

	/**
	 * Takes a piece of STDERR, and returns the pieces in which it is logged: each to the end of the buffer. No read ends with
	 * one that is padded.
	 */
	stderrPieces(content: Buffer, padded: boolean): Buffer[] {
		if (this.#stdoutSeen) {
			this.add(content.length);
			return [content];
		}
		const pieces: Buffer[] = [];
		for (let at = 0; at < content.length; ) {
			const room = Math.max(BUFFER_SIZE - this.#most, 1);
			const piece = content.subarray(at, at + room);
			pieces.push(piece);
			at += piece.length;
			this.#most += piece.length;
			if (this.#most >= BUFFER_SIZE) this.#most = 0;
		}
		this.#least = padded ? this.#most : 0;
		return pieces;
	}

	/** Bytes for which there is still room. */
	get room(): number {
		return Math.max(BUFFER_SIZE - this.#least, 0);
	}

	/** Whether it is full, however it was read. */
	get full(): boolean {
		return this.#least >= BUFFER_SIZE;
	}

	/** Whether it may have been too full for what it holds. */
	get unclear(): boolean {
		return this.#least >= BUFFER_SIZE || this.#most >= BUFFER_SIZE;
	}
}
