// Where blocks of a capture are put together: large pieces of memory, filled from front to back and handed out in views
// of all that was added, so that small blocks cost neither an allocation nor a call each. Pieces whose blocks have been
// written serve again: memory that was just used is faster than any other.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import { NOTHING } from "../../stage.js";

/** Whether the machine's own words have their low byte first. */
export const LITTLE_ENDIAN =
	new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Bytes of a piece: some of the largest blocks, which are 64 KiB. */
const PIECE_LENGTH = 256 * 2 ** 10;
/** Pieces that are kept to serve again: those of some batches. */
const MAX_PIECES = 8;

/** Takes blocks, whose lengths are multiples of four. */
export class BlockSpace {
	/** Where the block reserved last is to be written. */
	bytes: Buffer = NO_BYTES;
	/** The same memory, in the machine's own words. */
	words: Uint32Array = new Uint32Array();
	#from = 0;
	#at = 0;
	#full: Buffer[] = [];
	/** Pieces that blocks were put into since the last `reuse`, and pieces that are free. */
	#used: Buffer[] = [];
	#free: Buffer[] = [];

	/** Room for a block, to be written whole at the place that is returned. */
	reserve(length: number): number {
		if (this.#at + length > this.bytes.length) this.#renew(length);
		const at = this.#at;
		this.#at += length;
		return at;
	}

	/** All blocks since the last call, in order. They are not written to again before `reuse` is called. */
	take(): readonly Buffer[] {
		if (this.#at === this.#from) return NOTHING;
		const taken = this.#full;
		taken.push(this.bytes.subarray(this.#from, this.#at));
		this.#full = [];
		this.#from = this.#at;
		return taken;
	}

	/** To be called when nobody needs what was taken. */
	reuse(): void {
		// The piece that is being filled is the last of them.
		if (this.#at > this.#from || this.#used.length === 0) return;
		this.#from = this.#at = 0;
		const last = this.#used.pop() as Buffer;
		const free = [...this.#free, ...this.#used];
		this.#free = free.slice(0, MAX_PIECES);
		this.#used = [last];
	}

	#renew(length: number): void {
		if (this.#at > this.#from) {
			this.#full.push(this.bytes.subarray(this.#from, this.#at));
		}
		const free = length > PIECE_LENGTH ? undefined : this.#free.pop();
		this.bytes = free ?? Buffer.allocUnsafeSlow(Math.max(length, PIECE_LENGTH));
		this.#used.push(this.bytes);
		// Where nobody catches up with the writing, what has been written is given back instead.
		if (this.#used.length > MAX_PIECES) this.#used.shift();
		const { buffer, byteOffset } = this.bytes;
		this.words = new Uint32Array(
			buffer,
			byteOffset,
			Math.floor(this.bytes.length / 4),
		);
		this.#from = this.#at = 0;
	}
}
