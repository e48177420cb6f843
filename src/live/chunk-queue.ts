// Chunks between sockets and whoever looks at them: sockets put them in as they come, the reader takes them out in
// batches. It is bounded: beyond, the sockets are to wait, or bytes are left out of the view, counted.

import type { Peer } from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Chunk, Connection } from "../inspect/chunk.js";

/** Bytes held for a reader that is behind: some tenths of a second of looking, and no burden to any machine. */
export const MAX_QUEUED_BYTES = 32 * 2 ** 20;
/** What a chunk costs besides its bytes, about. */
const CHUNK_COST = 256;
const costOf = ({ bytes }: Chunk) => bytes.length + CHUNK_COST;

/**
 * How long chunks wait for others to be looked at with them. Traffic goes first: while a request is on its way through,
 * nothing else is done, and nobody sees a delay so short.
 */
const LINGER_MS = 20;
/** Bytes that are enough for a batch. Looking at them takes some milliseconds, in which no traffic is handed on. */
const BATCH_BYTES = 2 ** 20;

/** What a queue is given. */
export interface ChunkQueueOptions {
	/** Leave bytes out, and count them, where the reader is behind; otherwise `full` asks the sockets to wait. */
	readonly lossy: boolean;
	/** There is room again. */
	readonly onRoom: () => void;
}

/** A bounded queue of chunks with one reader. */
export class ChunkQueue implements AsyncIterable<readonly Chunk[]> {
	readonly #options: ChunkQueueOptions;
	#chunks: Chunk[] = [];
	#bytes = 0;
	#full = false;
	#ended = false;
	/** Whether the reader has left, so that nothing needs to be kept. */
	#unread = false;
	/** Bytes left out of each direction since its last chunk. */
	readonly #leftOut = new Map<Connection, Record<Peer, number>>();
	/** Bytes left out in all. */
	droppedBytes = 0;
	#wake = () => {};

	constructor(options: ChunkQueueOptions) {
		this.#options = options;
	}

	/** Whether the reader is behind, so that whoever can should wait. */
	get full(): boolean {
		return this.#full;
	}

	/** Whether the reader is so far behind that a lossy queue takes no more bytes. */
	get behind(): boolean {
		return this.#options.lossy && this.#bytes > MAX_QUEUED_BYTES;
	}

	/** Whether all that was put in has been taken out. */
	get empty(): boolean {
		return this.#chunks.length === 0;
	}

	/** Puts a chunk in. Its bytes are kept, and not copied: they must not change. */
	push(chunk: Chunk): void {
		if (this.#unread) return;
		const size = chunk.bytes.length;
		const { lossy } = this.#options;
		const over = this.#bytes + size > MAX_QUEUED_BYTES;
		if (over && lossy && size > 0) {
			this.#leaveOut(chunk);
			return;
		}
		const leftOut = this.#leftOut.get(chunk.connection);
		const missingBefore = leftOut?.[chunk.from] ?? 0;
		if (leftOut !== undefined && missingBefore > 0) {
			leftOut[chunk.from] = 0;
			if (leftOut.webServer + leftOut.application === 0) {
				this.#leftOut.delete(chunk.connection);
			}
		}
		this.#add(missingBefore > 0 ? { ...chunk, missingBefore } : chunk);
		if (over && !lossy) this.#full = true;
	}

	/** Says that no chunk follows. */
	end(): void {
		this.#ended = true;
		this.#wake();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<readonly Chunk[], void> {
		try {
			for (;;) {
				await this.#enough();
				const batch = this.#takeBatch();
				// The sockets go on while there is still something to look at.
				this.#makeRoom(MAX_QUEUED_BYTES / 2);
				if (batch.length > 0) yield batch;
				else if (this.#ended) return;
			}
		} finally {
			this.#unread = true;
			this.#chunks = [];
			this.#bytes = 0;
			this.#makeRoom(0);
		}
	}

	#takeBatch(): readonly Chunk[] {
		let count = 0;
		for (let bytes = 0; count < this.#chunks.length; count++) {
			if (bytes >= BATCH_BYTES) break;
			bytes += costOf(this.#chunks[count] as Chunk);
		}
		const batch = this.#chunks.splice(0, count);
		for (const chunk of batch) this.#bytes -= costOf(chunk);
		return batch;
	}

	#makeRoom(below: number): void {
		if (!this.#full || this.#bytes > below) return;
		this.#full = false;
		this.#options.onRoom();
	}

	#add(chunk: Chunk): void {
		this.#chunks.push(chunk);
		this.#bytes += costOf(chunk);
		if (this.#chunks.length === 1 || this.#bytes >= BATCH_BYTES) this.#wake();
	}

	/** What ends its direction is never left out, only its bytes. */
	#leaveOut(chunk: Chunk): void {
		const { connection, from, bytes, closes } = chunk;
		this.droppedBytes += bytes.length;
		const leftOut = this.#leftOut.get(connection) ?? {
			webServer: 0,
			application: 0,
		};
		leftOut[from] += bytes.length;
		this.#leftOut.set(connection, leftOut);
		if (closes !== undefined) this.push({ ...chunk, bytes: NO_BYTES });
	}

	/** Waits until there is a batch that is worth looking at, or the end; traffic has its turn in any case. */
	async #enough(): Promise<void> {
		const woken = () =>
			new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		await new Promise<void>((resolve) => setImmediate(resolve));
		if (this.#chunks.length === 0 && !this.#ended) await woken();
		if (this.#bytes >= BATCH_BYTES || this.#ended) return;
		let timer: NodeJS.Timeout | undefined;
		const lingered = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, LINGER_MS);
		});
		await Promise.race([woken(), lingered]);
		clearTimeout(timer);
	}
}
