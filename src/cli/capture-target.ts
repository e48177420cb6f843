// Where a capture is written: a file that is for its owner only, a named pipe, or standard output. Whoever else could read
// it, or already owns it, is refused; nothing waits in the system, so that the program can always end.

import { constants, type Stats, statSync, writevSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { isatty } from "node:tty";
import { FcgiInspectError } from "../errors.js";
import { refuseInput } from "./same-file.js";

/** Nobody else may read what may hold passwords. */
const MODE = 0o600;

/** Where blocks go. */
export interface Target {
	/** Whether the system takes all at once, so that there is nothing to be done meanwhile. */
	readonly atOnce: boolean;
	/** Writes all of the blocks. */
	write(blocks: readonly Buffer[]): Promise<void>;
	close(): Promise<void>;
}

/**
 * Opens a file, or standard output for `-`; `%p` in its name is the number of the process. `inputs` are
 * read meanwhile. Rejects with a FcgiInspectError.
 */
export async function openTarget(
	path: string,
	inputs: readonly string[],
): Promise<Target> {
	if (path === "-") return standardOutput();
	return openFile(path.replaceAll("%p", String(process.pid)), inputs);
}

async function openFile(
	path: string,
	inputs: readonly string[],
): Promise<Target> {
	let file: FileHandle | undefined;
	try {
		file = await openForWriting(path);
		const stats = await file.stat();
		if (stats.isFile()) {
			refuseInput(path, stats, inputs);
			refuseOfOthers(path, stats);
			if ((stats.mode & 0o777) !== MODE) await makePrivate(path, file);
		}
		return new FileTarget(path, file, stats.isFile());
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
	/** The system copies what goes to a file, and nothing is faster where it is done. */
	readonly atOnce: boolean;
	readonly #path: string;
	readonly #file: FileHandle;
	/** Bytes of the blocks that are written. */
	#length = 0;
	/** Whether what was in it before is gone: it is left as it was until there is something to write. */
	#emptied = false;

	constructor(path: string, file: FileHandle, atOnce: boolean) {
		this.atOnce = atOnce;
		this.#path = path;
		this.#file = file;
	}

	async write(blocks: readonly Buffer[]): Promise<void> {
		let left = blocks;
		try {
			if (!this.#emptied) await this.#empty();
			while (left.length > 0) {
				left = without(left, await this.#writeSome(left));
			}
		} catch (error) {
			this.#count(blocks.slice(0, blocks.length - left.length));
			if (this.atOnce) await this.#cutBack();
			throw unwritable(this.#path, error);
		}
		this.#count(blocks);
	}

	#count(blocks: readonly Buffer[]): void {
		for (const { length } of blocks) this.#length += length;
	}

	/** What was written half would make the whole file look damaged. */
	async #cutBack(): Promise<void> {
		await this.#file.truncate(this.#length).catch(() => undefined);
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
		if (this.atOnce) return writevSync(this.#file.fd, blocks);
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
	// In a thread, the stream does not know.
	if (isatty(1)) {
		throw new FcgiInspectError(
			"usage",
			"-w - writes a capture to stdout, which is a terminal; send it into a file or a pipe",
		);
	}
	return {
		atOnce: false,
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
