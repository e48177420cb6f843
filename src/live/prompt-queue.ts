// Chunks that are looked at as they come, between one write and the answer to it: whoever sends waits for the application
// anyway. It is bounded: beyond, whoever puts chunks in is to wait. (A tap's ring lets them wait, so that traffic goes first.)

import type { Chunk } from "../inspect/chunk.js";

/**
 * Bytes held for a reader that is behind: some hundredths of a second of looking. Who sends nothing but empty records is
 * shown with seventy bytes for each of theirs, and all that is held is shown when the time is over, so it cannot be much.
 */
export const MAX_QUEUED_BYTES = 4 * 2 ** 20;
/** What a chunk costs besides its bytes, about. */
const CHUNK_COST = 256;
/**
 * Milliseconds until the first look, which runs code that has never run: that takes some, in which nothing is heard, so that
 * an answer that comes meanwhile would seem to be as slow. No person waits for these.
 */
const FIRST_LOOK_MS = 20;
/** Bytes that are looked at in a row: that takes about a millisecond, in which nothing is heard. */
const BATCH_BYTES = 2 ** 20;

/** A bounded queue of chunks with one reader. */
export class PromptQueue implements AsyncIterable<readonly Chunk[]> {
	readonly #onRoom: () => void;
	#chunks: Chunk[] = [];
	#bytes = 0;
	#full = false;
	#ended = false;
	#wake = () => {};

	/** `onRoom` is told when the queue is full no more. */
	constructor(onRoom: () => void) {
		this.#onRoom = onRoom;
	}

	/** Whether the reader is behind, so that whoever can should wait. */
	get full(): boolean {
		return this.#full;
	}

	/** Puts a chunk in. Its bytes are kept, and not copied: they must not change. */
	push(chunk: Chunk): void {
		this.#chunks.push(chunk);
		this.#bytes += chunk.bytes.length + CHUNK_COST;
		if (this.#bytes > MAX_QUEUED_BYTES) this.#full = true;
		this.#wake();
	}

	/** Says that no chunk follows. */
	end(): void {
		this.#ended = true;
		this.#wake();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<readonly Chunk[], void> {
		await this.#firstLook();
		for (;;) {
			if (this.#chunks.length === 0) {
				if (this.#ended) return;
				await new Promise<void>((resolve) => {
					this.#wake = resolve;
				});
			}
			// What is to be written next is written first.
			await new Promise<void>((resolve) => setImmediate(resolve));
			const batch = this.#take();
			if (this.#full && this.#bytes <= MAX_QUEUED_BYTES / 2) {
				this.#full = false;
				this.#onRoom();
			}
			if (batch.length > 0) yield batch;
		}
	}

	/** Resolves some time after the first chunk, or where no more can be waited for. */
	async #firstLook(): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		await new Promise<void>((resolve) => {
			this.#wake = () => {
				if (this.#full || this.#ended) resolve();
				else timer ??= setTimeout(resolve, FIRST_LOOK_MS);
			};
			if (this.#chunks.length > 0 || this.#ended) this.#wake();
		});
		clearTimeout(timer);
		this.#wake = () => {};
	}

	#take(): readonly Chunk[] {
		let count = 0;
		let bytes = 0;
		for (; count < this.#chunks.length && bytes < BATCH_BYTES; count++) {
			bytes += (this.#chunks[count] as Chunk).bytes.length + CHUNK_COST;
		}
		this.#bytes -= bytes;
		if (count < this.#chunks.length) return this.#chunks.splice(0, count);
		const all = this.#chunks;
		this.#chunks = [];
		return all;
	}
}
