// `-w`: what is shown goes into a capture file as well. The file is for its owner only, is a whole capture at any moment, and
// is written beside the work; who writes faster than the disk takes it has to wait.

import { constants, fstatSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import {
	type CaptureWriter,
	createCaptureWriter,
	type LinkName,
} from "../capture/write/capture-writer.js";
import { FcgiInspectError } from "../errors.js";
import type { Chunk } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import { programAndVersion } from "./version.js";

/** Bytes that may wait for the disk before whoever makes them has to: a moment's worth of a fast disk. */
const MAX_WAITING = 4 * 2 ** 20;
/** What is handed to the system in one call: blocks, as many as it takes (IOV_MAX), of so many bytes. */
const MAX_BLOCKS = 1024;
const BATCH_BYTES = 2 ** 20;

/** Nobody else may read what may hold passwords. */
const MODE = 0o600;

/** How to write. */
export interface CaptureFileOptions {
	readonly link: LinkName;
	readonly redacted: boolean;
	/** The file that is read meanwhile, `-` for standard input: writing to it would be reading what was written. */
	readonly input?: string | undefined;
}

/** A capture file being written. */
export class CaptureFile {
	readonly #target: Target;
	readonly #writer: CaptureWriter;
	#waiting: Buffer[] = [];
	#waitingBytes = 0;
	/** The writing under way. */
	#writing: Promise<void> | undefined;
	/** Of it, what is with the system now. */
	#batch: Promise<void> | undefined;
	#failure: unknown;
	#failureTold = false;

	/** Opens a file, or standard output for `-`; `%p` in its name is the number of the process. Rejects with a FcgiInspectError. */
	static async open(
		path: string,
		{ link, redacted, input }: CaptureFileOptions,
	): Promise<CaptureFile> {
		const target =
			path === "-"
				? standardOutput()
				: await openFile(path.replaceAll("%p", String(process.pid)), input);
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
		this.#writing ??= this.#writeAll();
		while (this.#waitingBytes > MAX_WAITING) {
			await this.#batch;
		}
		this.#tellFailure();
	}

	/** Waits until all is written, and closes the file. Rejects where it could not be; once only. */
	async close(): Promise<void> {
		while (this.#waiting.length > 0 || this.#writing !== undefined) {
			this.#writing ??= this.#writeAll();
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

	/** Neither of these rejects: who flushes or closes is told of the failure. */
	async #writeAll(): Promise<void> {
		while (this.#waiting.length > 0) {
			this.#batch = this.#write(this.#nextBatch());
			await this.#batch;
		}
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

/** Where blocks go. */
interface Target {
	/** Writes all of the blocks. */
	write(blocks: readonly Buffer[]): Promise<void>;
	close(): Promise<void>;
}

async function openFile(
	path: string,
	input: string | undefined,
): Promise<Target> {
	let file: FileHandle | undefined;
	try {
		file = await openForWriting(path);
		const stats = await file.stat();
		if (stats.isFile()) {
			if (isSameFile(stats, input)) {
				throw new FcgiInspectError(
					"usage",
					`${path} is what is being read; write to another file`,
				);
			}
			refuseOfOthers(path, stats);
			if ((stats.mode & 0o777) !== MODE) await makePrivate(path, file);
		}
		return new FileTarget(path, file);
	} catch (error) {
		await file?.close();
		throw unwritable(path, error);
	}
}

/** A wait in the system would outlive all attempts to end the program; so named pipes are opened and written without. */
async function openForWriting(path: string): Promise<FileHandle> {
	const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK;
	for (;;) {
		try {
			return await open(path, flags, MODE);
		} catch (error) {
			const nobodyReads =
				(error as NodeJS.ErrnoException).code === "ENXIO" &&
				statSync(path).isFIFO();
			if (!nobodyReads) throw error;
			await setTimeout(RETRY_MS);
		}
	}
}

/** How often a named pipe whose reader is missing or behind is tried again. */
const RETRY_MS = 20;

/** In a folder where all may write, somebody may have made the file first, to read what will be in it. */
function refuseOfOthers(path: string, { uid }: Stats): void {
	if (process.geteuid === undefined || uid === process.geteuid()) return;
	throw new FcgiInspectError(
		"unwritable-output",
		`cannot write ${path}: it belongs to another user, who could read what is written; write to another file`,
	);
}

async function makePrivate(path: string, file: FileHandle): Promise<void> {
	await file.chmod(MODE).catch(() => {
		throw new FcgiInspectError(
			"unwritable-output",
			`cannot write ${path}: others may read it, and it is not yours to change that; write to another file`,
		);
	});
}

class FileTarget implements Target {
	readonly #path: string;
	readonly #file: FileHandle;
	/** Whether what was in it before is gone: it is left as it was until there is something to write. */
	#emptied = false;

	constructor(path: string, file: FileHandle) {
		this.#path = path;
		this.#file = file;
	}

	async write(blocks: readonly Buffer[]): Promise<void> {
		try {
			if (!this.#emptied) await this.#empty();
			let left = blocks;
			while (left.length > 0) {
				left = without(left, await this.#writeSome(left));
			}
		} catch (error) {
			throw unwritable(this.#path, error);
		}
	}

	async close(): Promise<void> {
		await this.#file.close().catch((error: unknown) => {
			throw unwritable(this.#path, error);
		});
	}

	async #empty(): Promise<void> {
		this.#emptied = true;
		if ((await this.#file.stat()).isFile()) await this.#file.truncate(0);
	}

	/** Returns how many bytes were written. */
	async #writeSome(blocks: readonly Buffer[]): Promise<number> {
		try {
			return (await this.#file.writev([...blocks])).bytesWritten;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
			await setTimeout(RETRY_MS);
			return 0;
		}
	}
}

/** Standard output; what is wrong with it is the business of main. */
function standardOutput(): Target {
	const { stdout } = process;
	if (stdout.isTTY) {
		throw new FcgiInspectError(
			"usage",
			"-w - writes a capture to stdout, which is a terminal; send it into a file or a pipe",
		);
	}
	return {
		async write(blocks) {
			const written = blocks.map(
				(block) =>
					new Promise<void>((resolve) => stdout.write(block, () => resolve())),
			);
			await Promise.all(written);
		},
		async close() {},
	};
}

/** What is left of blocks without their first bytes. */
function without(blocks: readonly Buffer[], length: number): readonly Buffer[] {
	let left = length;
	for (const [i, block] of blocks.entries()) {
		if (block.length > left) {
			return [block.subarray(left), ...blocks.slice(i + 1)];
		}
		left -= block.length;
	}
	return [];
}

function isSameFile(stats: Stats, input: string | undefined): boolean {
	if (input === undefined) return false;
	try {
		const read = input === "-" ? fstatSync(0) : statSync(input);
		return read.dev === stats.dev && read.ino === stats.ino;
	} catch {
		return false;
	}
}

/** What the system's refusals mean; all others are shown by their code. */
const REFUSALS: Readonly<Record<string, string>> = {
	ENOENT: "no such folder",
	ENOTDIR: "no such folder",
	EISDIR: "is a directory",
	EACCES: "permission denied",
	EPERM: "permission denied",
	EROFS: "the file system is read-only",
	ENOSPC: "no space left on the device",
	EDQUOT: "disk quota exceeded",
	EFBIG: "the file has become too large",
	EPIPE: "nobody reads it any more",
	ENAMETOOLONG: "name too long",
	ELOOP: "too many symbolic links",
	ENXIO: "a socket or a device that is not there",
	EIO: "input/output error",
};

/** The error to show for one of the system's; others are mistakes of the program. */
function unwritable(path: string, error: unknown): unknown {
	if (error instanceof FcgiInspectError) return error;
	if (!(error instanceof Error && "code" in error)) return error;
	const code = String(error.code);
	const reason = REFUSALS[code] ?? code;
	return new FcgiInspectError(
		"unwritable-output",
		`cannot write ${path}: ${reason}`,
	);
}
