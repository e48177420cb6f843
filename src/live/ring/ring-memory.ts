// The memory in which chunks go from the thread that hands traffic on to the one that looks at it: a ring of frames, each
// a header and bytes, one behind the other, with one writer and one reader. Neither ever waits for a lock.

/** Bytes of a ring, a power of two: some tenths of a second of looking, and no burden to any machine. */
export const RING_BYTES = 16 * 2 ** 20;

/** Places in the ring are counted in words of so many bytes, so that every number in it is aligned. */
export const WORD = 8;
/** Bytes of a frame's header. */
export const HEADER = 32;
/** Bytes of a frame at most, so that a ring always has room for some; longer chunks are several. */
export const MAX_PAYLOAD = 2 ** 20;

/** What a frame is. */
export const FRAME = {
	/** Bytes of a chunk, or its end. */
	chunk: 1,
	/** A connection that chunks follow of, as JSON. */
	connection: 2,
	/** No more chunks follow of a connection. */
	forget: 3,
	/** Nothing follows in what is left of the ring: the next frame is at its beginning. */
	wrap: 4,
	/** No frame follows. */
	end: 5,
} as const;

/** Numbers that both threads read and write, atomically. */
export const CONTROL = {
	/** Words written so far, modulo `COUNT`. */
	written: 0,
	/** Words read so far, modulo `COUNT`. */
	read: 1,
	/** What the reader waits for: one of `READER`. */
	reader: 2,
	/** 1 where the writer wants to be told that there is room. */
	writerWaits: 3,
	/** 1 where the reader has left, so that nothing needs to be kept. */
	unread: 4,
} as const;

/** What the reader does. */
export const READER = {
	/** It reads, and looks for more by itself. */
	busy: 0,
	/** It is to be woken for anything. */
	sleeping: 1,
	/** It waits a moment, and is to be woken for a batch. */
	lingering: 2,
} as const;

/** Counts of words start again here; the words of a ring divide it. */
export const COUNT = 2 ** 30;

/** What two threads share. */
export interface RingMemory {
	readonly ring: SharedArrayBuffer;
	readonly control: SharedArrayBuffer;
}

/** The memory of a new ring. */
export function newRingMemory(): RingMemory {
	return {
		ring: new SharedArrayBuffer(RING_BYTES),
		control: new SharedArrayBuffer(
			Object.keys(CONTROL).length * Int32Array.BYTES_PER_ELEMENT,
		),
	};
}

/** The same memory, as the numbers that are in it. */
export class RingViews {
	readonly bytes: Buffer;
	readonly integers: Int32Array;
	readonly doubles: Float64Array;
	readonly control: Int32Array;

	constructor({ ring, control }: RingMemory) {
		this.bytes = Buffer.from(ring);
		this.integers = new Int32Array(ring);
		this.doubles = new Float64Array(ring);
		this.control = new Int32Array(control);
	}

	/** Bytes between two counts of words. */
	static bytesBetween(read: number, written: number): number {
		return ((written - read + COUNT) % COUNT) * WORD;
	}
}

/** Bytes that a frame takes in the ring. */
export function frameLength(payload: number): number {
	return HEADER + Math.ceil(payload / WORD) * WORD;
}
