// A file name, or `-` for standard input, becomes bytes: regular files are read in blocks; from all others, bytes are
// taken as they arrive. What the system refuses is an error of one line.

import {
	closeSync,
	createReadStream,
	fstatSync,
	open,
	readSync,
} from "node:fs";
import { promisify } from "node:util";
import { FcgiInspectError } from "../../errors.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";

/** Bytes read at once from a regular file: few enough that what is made of them fits the processor's caches. */
const BLOCK_LENGTH = 256 * 2 ** 10;
const STANDARD_INPUT = 0;

const openFile = promisify(open);

/** Bytes of a file or stream, in the order they come. */
export interface Input {
	/** Whether they come as somebody sends them. */
	readonly live: boolean;
	/** The next bytes, which last until the call after; empty at the end. */
	next(): Promise<Buffer>;
	close(): Promise<void>;
}

/** Opens a file, or standard input for `-`; `name` is what errors call it. */
export async function openInput(path: string, name: string): Promise<Input> {
	try {
		// A named pipe opens when somebody writes to it, which may be later, and may be this process.
		const file = path === "-" ? STANDARD_INPUT : await openFile(path, "r");
		const stats = fstatSync(file);
		if (stats.isFile() || stats.isDirectory()) return new FileInput(file);
		if (file === STANDARD_INPUT) return new StreamInput(process.stdin);
		return new StreamInput(createReadStream(path, { fd: file }));
	} catch (error) {
		throw unreadable(name, error);
	}
}

/** A regular file, read into one block again and again: waiting for another thread to read costs more than to read. */
class FileInput implements Input {
	readonly live = false;
	readonly #file: number;
	readonly #block = Buffer.allocUnsafeSlow(BLOCK_LENGTH);

	constructor(file: number) {
		this.#file = file;
	}

	/** Reads from where the read before ended: standard input may have been read from already. */
	async next(): Promise<Buffer> {
		const length = readSync(this.#file, this.#block, 0, BLOCK_LENGTH, null);
		return this.#block.subarray(0, length);
	}

	async close(): Promise<void> {
		if (this.#file !== STANDARD_INPUT) closeSync(this.#file);
	}
}

/** A pipe, socket or device: each piece is passed on when it arrives. */
class StreamInput implements Input {
	readonly live = true;
	readonly #pieces: AsyncIterator<Buffer>;

	constructor(stream: AsyncIterable<Buffer>) {
		this.#pieces = stream[Symbol.asyncIterator]();
	}

	async next(): Promise<Buffer> {
		const { done, value } = await this.#pieces.next();
		return done ? NO_BYTES : value;
	}

	async close(): Promise<void> {
		await this.#pieces.return?.();
	}
}

/** What the system's refusals mean; all others are shown by their code. */
const REFUSALS: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	ENOTDIR: "no such file",
	EISDIR: "is a directory",
	EACCES: "permission denied",
	EPERM: "permission denied",
	ENAMETOOLONG: "name too long",
	ELOOP: "too many symbolic links",
	EBADF: "not open",
	EIO: "input/output error",
};

/** The error to show for one of the system's. Throws it where it is none of those: a mistake of the program is none of the input. */
export function unreadable(name: string, error: unknown): FcgiInspectError {
	if (error instanceof FcgiInspectError) return error;
	const code =
		error instanceof Error && "code" in error ? String(error.code) : undefined;
	if (code === undefined) throw error;
	const reason = REFUSALS[code] ?? `cannot be read (${code})`;
	return new FcgiInspectError("unreadable-input", `${name}: ${reason}`);
}
