// The bytes of one direction that no event has told of yet: the beginning of a record under way, or what may turn out to
// be no record at all.

import { MAX_RECORD_LENGTH } from "../../fastcgi/constants.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";

/**
 * Bytes that may be undecided: a search looks at the header of a record and at the one behind it. What is further back has
 * been found to be no record, though it may take long until that is said.
 */
export const MAX_UNDECIDED = 2 * MAX_RECORD_LENGTH;

/** Room that is not given back while nothing is kept: most records and their beginnings fit. */
const SMALL_ROOM = 16 * 2 ** 10;
/** Room for any record, given back, for whoever needs one next: connections need theirs in turn. */
let spare: Buffer = NO_BYTES;
const SPARE_LENGTH = MAX_UNDECIDED;

/** A queue of bytes. Its own copies, but for those of the chunk that is being looked at. */
export class UnframedBytes {
	#room: Buffer = NO_BYTES;
	#from = 0;
	#to = 0;
	/** What is left of the chunk's bytes, behind those that are kept. */
	#chunk: Buffer = NO_BYTES;
	#chunkFrom = 0;

	get length(): number {
		return this.#to - this.#from + this.#chunk.length - this.#chunkFrom;
	}

	/** Takes the bytes of a chunk: a view until `keep` is called. */
	add(chunk: Buffer): void {
		this.#chunk = chunk;
		this.#chunkFrom = 0;
	}

	/** Leaves out the first bytes. */
	drop(length: number): void {
		const kept = Math.min(length, this.#to - this.#from);
		this.#from += kept;
		this.#chunkFrom = Math.min(
			this.#chunkFrom + length - kept,
			this.#chunk.length,
		);
		if (this.#from === this.#to) {
			this.#from = this.#to = 0;
			if (this.#room.length > SMALL_ROOM) this.#giveBack();
		}
	}

	/** The first bytes, at most so many: a view until anything else is called. */
	first(length: number): Buffer {
		this.keep();
		const end = Math.min(this.#from + length, this.#to);
		return this.#room.subarray(this.#from, end);
	}

	/** Copies what is left of the chunk, whose bytes will not last. */
	keep(): void {
		const left = this.#chunk.length - this.#chunkFrom;
		if (left > 0) {
			this.#makeRoom(left);
			this.#chunk.copy(this.#room, this.#to, this.#chunkFrom);
			this.#to += left;
		}
		this.#chunk = NO_BYTES;
		this.#chunkFrom = 0;
	}

	#makeRoom(more: number): void {
		if (this.#to + more <= this.#room.length) return;
		const length = this.#to - this.#from;
		const room =
			length + more <= this.#room.length
				? this.#room
				: newRoom(Math.max(2 * length, length + more));
		this.#room.copy(room, 0, this.#from, this.#to);
		this.#room = room;
		this.#from = 0;
		this.#to = length;
	}

	#giveBack(): void {
		if (this.#room.length === SPARE_LENGTH) spare = this.#room;
		this.#room = NO_BYTES;
	}
}

function newRoom(length: number): Buffer {
	if (length <= SMALL_ROOM || length > SPARE_LENGTH) {
		return Buffer.allocUnsafe(length);
	}
	const room = spare === NO_BYTES ? Buffer.allocUnsafe(SPARE_LENGTH) : spare;
	spare = NO_BYTES;
	return room;
}
