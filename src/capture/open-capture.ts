// A file name, or `-` for standard input, becomes a source of chunks. It is the one file of the room that opens files:
// regular ones are read in blocks; from all others, bytes are taken as they arrive.

import {
	closeSync,
	createReadStream,
	fstatSync,
	open,
	readSync,
} from "node:fs";
import { promisify } from "node:util";
import { FcgiInspectError } from "../errors.js";
import type { Chunk, ChunkSource, SourceReport } from "../inspect/chunk.js";
import type { Stage } from "../stage.js";
import { CAPTURE_FORMATS, HEAD_LENGTH, unreadFormat } from "./index.js";

/** Bytes read at once from a regular file: few enough that what is made of them fits the processor's caches. */
const BLOCK_LENGTH = 256 * 2 ** 10;
/** First bytes of an unknown input that its refusal shows. */
const SHOWN_BYTES = 4;
const STANDARD_INPUT = 0;

const openFile = promisify(open);

/** What a capture is opened with. */
export interface CaptureOptions {
	/** Ports on which an application is listening, whatever the bytes look like. */
	readonly ports?: readonly number[];
}

/**
 * Opens a capture and looks at its first bytes. Rejects with a `FcgiInspectError` where it cannot be read or is of no
 * known form. The chunks of a batch are views that last until the next batch is asked for; to stop early, leave the loop.
 */
export async function openCapture(
	path: string,
	options: CaptureOptions = {},
): Promise<ChunkSource> {
	const ports = options.ports ?? [];
	const name = path === "-" ? "standard input" : printable(path);
	const input = await openInput(path, name);
	try {
		const head = await input.head();
		const format = CAPTURE_FORMATS.find(({ recognises }) => recognises(head));
		if (format === undefined) throw unknownInput(name, head);
		const report: SourceReport = {
			format: format.name,
			truncated: false,
			remarks: [],
			otherConnections: 0,
		};
		const stage = format.open({ ports, live: input.live }, report);
		return {
			report,
			live: input.live,
			[Symbol.asyncIterator]: () => chunks(input, stage, name),
		};
	} catch (error) {
		await input.close();
		throw error instanceof FcgiInspectError ? error : unreadable(name, error);
	}
}

/** Bytes of a file or stream, in the order they come. */
interface Input {
	/** Whether they come as somebody sends them. */
	readonly live: boolean;
	/** The first bytes, `HEAD_LENGTH` of them where there are as many; `next` returns them once more. */
	head(): Promise<Buffer>;
	/** The next bytes, which last until the call after; empty at the end. */
	next(): Promise<Buffer>;
	close(): Promise<void>;
}

async function* chunks(
	input: Input,
	stage: Stage<Buffer, Chunk>,
	name: string,
): AsyncGenerator<readonly Chunk[], void, undefined> {
	try {
		for (;;) {
			const bytes = await input.next().catch((error: unknown) => {
				throw unreadable(name, error);
			});
			if (bytes.length === 0) break;
			const made = stage.push(bytes);
			if (made.length > 0) yield made;
		}
		const last = stage.end();
		if (last.length > 0) yield last;
	} finally {
		await input.close();
	}
}

async function openInput(path: string, name: string): Promise<Input> {
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
	/** What `head` has read and `next` has not returned yet. */
	#ahead: Buffer | undefined;

	constructor(file: number) {
		this.#file = file;
	}

	async head(): Promise<Buffer> {
		this.#ahead = this.#read();
		return this.#ahead.subarray(0, HEAD_LENGTH);
	}

	async next(): Promise<Buffer> {
		const ahead = this.#ahead;
		this.#ahead = undefined;
		return ahead ?? this.#read();
	}

	async close(): Promise<void> {
		if (this.#file !== STANDARD_INPUT) closeSync(this.#file);
	}

	/** Reads from where the read before ended: standard input may have been read from already. */
	#read(): Buffer {
		const length = readSync(this.#file, this.#block, 0, BLOCK_LENGTH, null);
		return this.#block.subarray(0, length);
	}
}

/** A pipe, socket or device: each piece is passed on when it arrives. */
class StreamInput implements Input {
	readonly live = true;
	readonly #pieces: AsyncIterator<Buffer>;
	#head: Buffer | undefined;

	constructor(stream: AsyncIterable<Buffer>) {
		this.#pieces = stream[Symbol.asyncIterator]();
	}

	async head(): Promise<Buffer> {
		let head = await this.#arrived();
		while (head.length < HEAD_LENGTH) {
			const piece = await this.#arrived();
			if (piece.length === 0) break;
			head = Buffer.concat([head, piece]);
		}
		this.#head = head;
		return head.subarray(0, HEAD_LENGTH);
	}

	async next(): Promise<Buffer> {
		const head = this.#head;
		if (head === undefined) return this.#arrived();
		this.#head = undefined;
		return head;
	}

	async close(): Promise<void> {
		await this.#pieces.return?.();
	}

	async #arrived(): Promise<Buffer> {
		const { done, value } = await this.#pieces.next();
		return done ? Buffer.alloc(0) : value;
	}
}

function unknownInput(name: string, head: Buffer): FcgiInspectError {
	if (head.length === 0) {
		return new FcgiInspectError("unknown-input", `${name}: empty file`);
	}
	const unread = unreadFormat(head);
	if (unread !== undefined) {
		return new FcgiInspectError(
			"unknown-input",
			`${name}: ${unread}, which this version does not read`,
		);
	}
	const first = [...head.subarray(0, SHOWN_BYTES)].map((byte) =>
		byte.toString(16).padStart(2, "0"),
	);
	return new FcgiInspectError(
		"unknown-input",
		`${name}: not a capture, a text dump or FastCGI bytes (first bytes ${first.join(" ")})`,
	);
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

function unreadable(name: string, error: unknown): FcgiInspectError {
	const code =
		error instanceof Error && "code" in error ? String(error.code) : undefined;
	// A mistake of the program is none of the input.
	if (code === undefined) throw error;
	const reason = REFUSALS[code] ?? `cannot be read (${code})`;
	return new FcgiInspectError("unreadable-input", `${name}: ${reason}`);
}

/** A name without anything that a terminal would obey. */
function printable(name: string): string {
	return name.replace(
		/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
		(character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
}
