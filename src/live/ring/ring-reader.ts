// The reading end of a ring: takes chunks out in batches.

import type { Chunk, Connection } from "../../inspect/chunk.js";
import {
	CONTROL,
	COUNT,
	FRAME,
	frameLength,
	HEADER,
	READER,
	RING_BYTES,
	type RingMemory,
	RingViews,
	WORD,
} from "./ring-memory.js";

/**
 * How long chunks wait for others to be looked at with them. Traffic goes first: while a request is on its way through,
 * nothing else is done, and nobody sees a delay so short.
 */
const LINGER_MS = 50;
/** Bytes that are enough for a batch: to look at them takes some milliseconds. */
export const BATCH_BYTES = 2 ** 20;

/** Takes chunks out of a ring. Their bytes are views, good until the next batch is asked for. */
export class RingReader implements AsyncIterable<readonly Chunk[]> {
	readonly #ring: RingViews;
	readonly #tellRoom: () => void;
	readonly #connections = new Map<number, Connection>();
	#read = 0;
	#ended = false;
	#woken = () => {};

	/** `tellRoom` tells the writer that there is room, where it waits for that. */
	constructor(memory: RingMemory, tellRoom: () => void) {
		this.#ring = new RingViews(memory);
		this.#tellRoom = tellRoom;
	}

	/** To be called when the writer wakes the reader. */
	wake(): void {
		this.#woken();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<readonly Chunk[], void> {
		const { control } = this.#ring;
		try {
			while (!this.#ended) {
				await this.#enough();
				const batch = this.#takeBatch();
				if (batch.length > 0) yield batch;
				this.#makeRoom();
			}
		} finally {
			Atomics.store(control, CONTROL.unread, 1);
			if (Atomics.exchange(control, CONTROL.writerWaits, 0) === 1) {
				this.#tellRoom();
			}
		}
	}

	/** Bytes that wait to be taken out. */
	get #queued(): number {
		const written = Atomics.load(this.#ring.control, CONTROL.written);
		return RingViews.bytesBetween(this.#read, written);
	}

	/** Waits until there is a batch that is worth looking at, or the end; all else has its turn in any case. */
	async #enough(): Promise<void> {
		await new Promise<void>((resolve) => setImmediate(resolve));
		await this.#wait(READER.sleeping, 1);
		await this.#wait(READER.lingering, BATCH_BYTES, LINGER_MS);
	}

	/** Waits until so many bytes are there, the writer wakes the reader, or the time is over. */
	async #wait(how: number, bytes: number, most?: number): Promise<void> {
		const { control } = this.#ring;
		if (this.#queued >= bytes) return;
		let timer: NodeJS.Timeout | undefined;
		const over = new Promise<void>((resolve) => {
			this.#woken = resolve;
			if (most !== undefined) timer = setTimeout(resolve, most);
		});
		Atomics.store(control, CONTROL.reader, how);
		// They may have come before the writer could see that they are waited for.
		if (this.#queued < bytes) await over;
		Atomics.store(control, CONTROL.reader, READER.busy);
		clearTimeout(timer);
	}

	#takeBatch(): readonly Chunk[] {
		const { bytes, integers, doubles } = this.#ring;
		const batch: Chunk[] = [];
		const queued = this.#queued;
		const enough = Math.min(queued, BATCH_BYTES);
		for (let taken = 0; taken < enough; ) {
			const at = (this.#read * WORD) % RING_BYTES;
			const head = integers[at / 4] as number;
			const kind = head & 0xff;
			if (kind === FRAME.wrap) {
				taken += this.#skip(RING_BYTES - at);
				continue;
			}
			const length = integers[at / 4 + 1] as number;
			const number = integers[at / 4 + 2] as number;
			const payload = bytes.subarray(at + HEADER, at + HEADER + length);
			switch (kind) {
				case FRAME.connection:
					this.#connections.set(number, JSON.parse(payload.toString()));
					break;
				case FRAME.forget:
					this.#connections.delete(number);
					break;
				case FRAME.end:
					this.#ended = true;
					break;
				default:
					batch.push({
						connection: this.#connections.get(number) as Connection,
						from: (head & (1 << 8)) === 0 ? "application" : "webServer",
						timestamp: doubles[at / 8 + 2] as number,
						bytes: payload,
						frame: undefined,
						missingBefore: doubles[at / 8 + 3] as number,
						closes:
							(head & (1 << 9)) !== 0
								? "fin"
								: (head & (1 << 10)) !== 0
									? "rst"
									: undefined,
					});
			}
			taken += this.#skip(frameLength(length));
		}
		return batch;
	}

	#skip(bytes: number): number {
		this.#read = (this.#read + bytes / WORD) % COUNT;
		return bytes;
	}

	/** What was taken out has been looked at: its memory is free. */
	#makeRoom(): void {
		const { control } = this.#ring;
		Atomics.store(control, CONTROL.read, this.#read);
		if (this.#queued > RING_BYTES / 2) return;
		if (Atomics.exchange(control, CONTROL.writerWaits, 0) === 1) {
			this.#tellRoom();
		}
	}
}
