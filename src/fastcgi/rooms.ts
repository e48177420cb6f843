// Room for the records that straddle buffers. Making and freeing it for each costs as much as copying the bytes, so what
// nobody looks at any more serves again, in any decoder that shares the rooms.

import { MAX_RECORD_LENGTH } from "./constants.js";

/** Rooms kept for later: as many as there are directions with such a record under way on a busy connection pool. */
const MAX_FREE = 32;

/** Most applications and web servers write records of up to 8,192 bytes; a room for one of those fits the others, too. */
const USUAL_LENGTH = 8192;

/** Shorter ones cost little to make, and many connections may each have one under way. */
const SMALL_LENGTH = 1024;

/** Rooms that are free. */
export class Rooms {
	readonly #usual: Buffer[] = [];
	readonly #largest: Buffer[] = [];

	/** A room of at least that many bytes, at most `MAX_RECORD_LENGTH`. */
	take(length: number): Buffer {
		if (length <= SMALL_LENGTH) return Buffer.allocUnsafe(length);
		return length <= USUAL_LENGTH
			? (this.#usual.pop() ?? Buffer.allocUnsafeSlow(USUAL_LENGTH))
			: (this.#largest.pop() ?? Buffer.allocUnsafeSlow(MAX_RECORD_LENGTH));
	}

	/** Gives back a room that nobody looks at any more. */
	give(room: Buffer): void {
		if (room.length <= SMALL_LENGTH) return;
		const free = room.length <= USUAL_LENGTH ? this.#usual : this.#largest;
		if (free.length < MAX_FREE) free.push(room);
	}
}
