// Where blocks of a capture are put together: large pieces of memory, filled from front to back and handed out in views
// of all that was added, so that small blocks cost neither an allocation nor a call each.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import { NOTHING } from "../../stage.js";

/** Bytes of a piece: some of the largest blocks, which are 64 KiB. What was handed out is not written to again. */
const PIECE_LENGTH = 256 * 2 ** 10;

/** Takes blocks, whose lengths are multiples of four. */
export class BlockSpace {
	/** Where the block reserved last is to be written. */
	bytes: Buffer = NO_BYTES;
	/** The same memory, in the machine's own words. */
	words: Uint32Array = new Uint32Array();
	#from = 0;
	#at = 0;
	#full: Buffer[] = [];

	/** Room for a block, to be written whole at the place that is returned. */
	reserve(length: number): number {
		if (this.#at + length > this.bytes.length) this.#renew(length);
		const at = this.#at;
		this.#at += length;
		return at;
	}

	/** All blocks since the last call, in order. */
	take(): readonly Buffer[] {
		if (this.#at === this.#from) return NOTHING;
		const taken = this.#full;
		taken.push(this.bytes.subarray(this.#from, this.#at));
		this.#full = [];
		this.#from = this.#at;
		return taken;
	}

	#renew(length: number): void {
		if (this.#at > this.#from) {
			this.#full.push(this.bytes.subarray(this.#from, this.#at));
		}
		this.bytes = Buffer.allocUnsafeSlow(Math.max(length, PIECE_LENGTH));
		const { buffer, byteOffset } = this.bytes;
		this.words = new Uint32Array(
			buffer,
			byteOffset,
			Math.floor(this.bytes.length / 4),
		);
		this.#from = this.#at = 0;
	}
}
