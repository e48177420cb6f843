// `-w`: what is shown goes into a capture file as well. The file is for its owner only, is a whole capture at any moment, and
// goes to the system in batches; who writes faster than a pipe takes it has to wait.

import {
	type CaptureWriter,
	createCaptureWriter,
	type LinkName,
} from "../capture/write/capture-writer.js";
import type { Chunk } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import { openTarget, type Target } from "./capture-target.js";
import { programAndVersion } from "./version.js";

/** Bytes that may wait for the disk before whoever makes them has to: a moment's worth of a fast disk. */
const MAX_WAITING = 4 * 2 ** 20;
/** What is handed to the system in one call: blocks, as many as it takes (IOV_MAX), of so many bytes. */
const MAX_BLOCKS = 1024;
const BATCH_BYTES = 2 ** 20;

/** How to write. */
export interface CaptureFileOptions {
	readonly link: LinkName;
	readonly redacted: boolean;
	/** Files that are read meanwhile, `-` for standard input: writing to one would be reading what was written. */
	readonly inputs?: readonly string[] | undefined;
}

/** A capture file being written. */
export class CaptureFile {
	readonly #target: Target;
	readonly #writer: CaptureWriter;
	#waiting: Buffer[] = [];
	#waitingBytes = 0;
	/** The writing under way. */
	#writing: Promise<void> | undefined;
	#failure: unknown;
	#failureTold = false;

	/** Opens a file, or standard output for `-`; `%p` in its name is the number of the process. Rejects with a FcgiInspectError. */
	static async open(
		path: string,
		{ link, redacted, inputs = [] }: CaptureFileOptions,
	): Promise<CaptureFile> {
		const target = await openTarget(path, inputs);
		const application = programAndVersion();
		const writer = createCaptureWriter({ link, redacted, application });
		return new CaptureFile(target, writer);
	}

	private constructor(target: Target, writer: CaptureWriter) {
		this.#target = target;
		this.#writer = writer;
		this.#add(writer.start());
	}

	/** Adds a chunk, with all events that were made of it. */
	push(chunk: Chunk, events: readonly FcgiEvent[]): void {
		this.#add(this.#writer.push(chunk, events));
	}

	/** Adds what the input's end has brought. */
	end(events: readonly FcgiEvent[]): void {
		this.#add(this.#writer.end(events));
	}

	/** Sees to it that what was added is written; waits if too much is not. Rejects where it cannot be. */
	async flush(): Promise<void> {
		this.#tellFailure();
		this.#begin();
		const { atOnce } = this.#target;
		// Until all is written, so that its memory serves again.
		if (atOnce || this.#waitingBytes > MAX_WAITING) await this.#writing;
		this.#tellFailure();
	}

	/** Waits until all is written, and closes the file. Rejects where it could not be; once only. */
	async close(): Promise<void> {
		while (this.#waiting.length > 0 || this.#writing !== undefined) {
			this.#begin();
			await this.#writing;
		}
		await this.#target.close().catch((error: unknown) => {
			this.#failure ??= error;
		});
		this.#tellFailure();
	}

	/** Closes, and writes nothing that is not written yet. */
	async abandon(): Promise<void> {
		this.#waiting = [];
		this.#waitingBytes = 0;
		await this.#target.close();
	}

	#tellFailure(): void {
		if (this.#failure === undefined || this.#failureTold) return;
		this.#failureTold = true;
		throw this.#failure;
	}

	#add(blocks: readonly Buffer[]): void {
		if (this.#failure !== undefined) return;
		for (let i = 0; i < blocks.length; i++) {
			const block = blocks[i] as Buffer;
			this.#waiting.push(block);
			this.#waitingBytes += block.length;
		}
	}

	/** Begins to write, where there is something to be written: otherwise the writing would be over before it is known. */
	#begin(): void {
		if (this.#waiting.length > 0) this.#writing ??= this.#writeAll();
	}

	/** Neither of these rejects: who flushes or closes is told of the failure. */
	async #writeAll(): Promise<void> {
		while (this.#waiting.length > 0) {
			await this.#write(this.#nextBatch());
		}
		this.#writer.reuse();
		this.#writing = undefined;
	}

	async #write(blocks: readonly Buffer[]): Promise<void> {
		try {
			await this.#target.write(blocks);
			for (const { length } of blocks) this.#waitingBytes -= length;
		} catch (error) {
			this.#failure = error;
			this.#waiting = [];
			this.#waitingBytes = 0;
		}
	}

	#nextBatch(): readonly Buffer[] {
		let bytes = 0;
		let blocks = 0;
		for (const { length } of this.#waiting) {
			if (bytes >= BATCH_BYTES || blocks === MAX_BLOCKS) break;
			bytes += length;
			blocks++;
		}
		return this.#waiting.splice(0, blocks);
	}
}
