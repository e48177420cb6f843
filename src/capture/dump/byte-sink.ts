// Bytes that are read out of a text, put together one by one.

/** A buffer that grows. The reader of a line makes room for it first, and then writes into `bytes` at `length`. */
export class ByteSink {
	bytes: Buffer = Buffer.allocUnsafe(64 * 1024);
	length = 0;

	/** Makes room for `count` more bytes. What was handed out as a view keeps the buffer that it lies in. */
	makeRoom(count: number): void {
		if (this.length + count <= this.bytes.length) return;
		const larger = Buffer.allocUnsafe(
			Math.max(this.length + count, 2 * this.bytes.length),
		);
		this.bytes.copy(larger, 0, 0, this.length);
		this.bytes = larger;
	}

	/** Adds one byte, with room for it. */
	push(byte: number): void {
		if (this.length === this.bytes.length) this.makeRoom(1);
		this.bytes[this.length++] = byte;
	}

	/** Turns round the bytes from `start` on: those of a word whose lowest byte is written last. */
	reverseFrom(start: number): void {
		const { bytes } = this;
		for (let a = start, b = this.length - 1; a < b; a++, b--) {
			const byte = bytes[a] as number;
			bytes[a] = bytes[b] as number;
			bytes[b] = byte;
		}
	}
}
