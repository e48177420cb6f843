// Bytes of one direction that are held until it is known what they are, with holes among them where the input lacks some.
// They are handed out as one buffer, holes filled in, so that a place in it is a place in the stream.

/** Stands in for bytes that are not there: it is no version of FastCGI, so that no header is found in a hole. */
const FILLER = 0xff;

/** Bytes that are there, or a hole. */
export interface Span {
	/** Bytes since the start of the direction. */
	readonly offset: number;
	readonly length: number;
	/** Undefined for a hole. */
	readonly bytes: Buffer | undefined;
}

/** Holds bytes. */
export class HeldBytes {
	/** Where the first of them stands: bytes since the start of the direction. */
	at = 0;
	/** How many they are, holes included. */
	length = 0;
	#pieces: Buffer[] = [];
	/** Offsets in the direction, in order. */
	#holes: { readonly offset: number; readonly length: number }[] = [];

	/** Begins anew, with nothing held, at another place of the direction. */
	startAt(offset: number): void {
		this.at = offset;
		this.length = 0;
		this.#pieces = [];
		this.#holes = [];
	}

	/** Keeps the bytes, which have to be the caller's own. */
	add(bytes: Buffer): void {
		if (bytes.length > 0) this.#pieces.push(bytes);
		this.length += bytes.length;
	}

	/** Notes that the next bytes are not in the input. */
	addHole(length: number): void {
		this.#holes.push({ offset: this.at + this.length, length });
		this.add(Buffer.alloc(length, FILLER));
	}

	/** All bytes, which are not held any more. Where the holes are is still known. */
	take(): Buffer {
		const bytes =
			this.#pieces.length === 1
				? (this.#pieces[0] as Buffer)
				: Buffer.concat(this.#pieces, this.length);
		this.#pieces = [];
		this.length = 0;
		return bytes;
	}

	/** Steps over the bytes in front of `offset`, of those that were taken. */
	stepTo(offset: number): void {
		this.at = offset;
		while ((this.#holes[0]?.offset ?? offset) < offset) this.#holes.shift();
	}

	/** What `bytes`, which were taken and stand at `at`, are made of. */
	spans(bytes: Buffer): readonly Span[] {
		const { at } = this;
		const end = at + bytes.length;
		const spans: Span[] = [];
		let from = at;
		const addBytes = (to: number) => {
			if (to === from) return;
			const part = bytes.subarray(from - at, to - at);
			spans.push({ offset: from, length: to - from, bytes: part });
		};
		for (const { offset, length } of this.#holes) {
			if (offset >= end) break;
			addBytes(offset);
			spans.push({ offset, length, bytes: undefined });
			from = offset + length;
		}
		addBytes(end);
		return spans;
	}
}
