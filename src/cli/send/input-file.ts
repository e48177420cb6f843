// A path, or a pipe, into bytes to be sent, with what is known of them before. A file is read anew each time it is sent;
// what comes on a pipe comes once, and may be long in coming.

import {
	accessSync,
	closeSync,
	constants,
	createReadStream,
	openSync,
	readSync,
	type Stats,
	statSync,
} from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { FcgiInspectError } from "../../errors.js";
import type { Body, BodyFacts, DataFacts } from "../../send/index.js";

/** The bytes of a stream, and what is known of them. */
export interface Stream {
	readonly body: Body;
	readonly facts: BodyFacts & DataFacts;
	/** Where bytes are still to come from that can be had once only; to be destroyed when nobody wants more. */
	readonly pipe?: Readable;
}

/** The bytes of a file, or of what is none: a pipe, a device. Rejects with FcgiInspectError where it cannot be read. */
export async function streamFrom(path: string): Promise<Stream> {
	const stats = attempt(path, () => statSync(path));
	attempt(path, () => accessSync(path, constants.R_OK));
	if (stats.isDirectory()) throw usage(path, REASONS.EISDIR as string);
	// The files of /proc have no length, and bytes all the same.
	if (!stats.isFile() || stats.size === 0) {
		return streamOf(path, pipeOf(path, stats));
	}
	const { size, mtimeMs } = stats;
	return {
		body: { [Symbol.asyncIterator]: () => piecesOf(path, size) },
		facts: { length: size, lastModified: Math.floor(mtimeMs / 1000) },
	};
}

/** What is read of a pipe before anything is sent, so that its length is known where it is short: php wants to know. */
const AHEAD_BYTES = 8 * 2 ** 20;

/** The bytes of a pipe that ends soon; else what it brings. `name` is what messages call it. */
export async function streamOf(name: string, pipe: Readable): Promise<Stream> {
	const pieces: Buffer[] = [];
	let length = 0;
	const more = pipe[Symbol.asyncIterator]();
	const next = () => more.next().catch((error) => refuse(name, error));
	while (length <= AHEAD_BYTES) {
		const { value, done } = await next();
		if (done) {
			const facts = { length, lastModified: undefined };
			return { body: Buffer.concat(pieces), facts };
		}
		pieces.push(value);
		length += value.length;
	}
	const rest = async function* () {
		yield* pieces.splice(0);
		for (;;) {
			const { value, done } = await next();
			if (done) return;
			yield value;
		}
	};
	return {
		body: rest(),
		facts: { length: undefined, lastModified: undefined },
		pipe,
	};
}

/** Opening waits for whoever writes; reading is left to the event loop, which can stop: a read of a file cannot. */
function pipeOf(path: string, stats: Stats): Readable {
	const fd = attempt(path, () => openSync(path, "r"));
	if (stats.isFIFO())
		return new Socket({ fd, readable: true, writable: false });
	return createReadStream(path, { fd, highWaterMark: FILE_PIECE });
}

/** As many bytes as were announced: what is added meanwhile is left out, and what is taken away is missed. */
async function* piecesOf(path: string, length: number): AsyncGenerator<Buffer> {
	const options = { highWaterMark: FILE_PIECE, end: length - 1 };
	let sent = 0;
	try {
		for await (const piece of createReadStream(path, options)) {
			sent += piece.length;
			yield piece;
		}
	} catch (error) {
		// It was there before.
		refuse(path, error);
	}
	if (sent === length) return;
	throw new FcgiInspectError(
		"unreadable-input",
		`${path}: it has become shorter: ${sent} of ${length} bytes are there`,
	);
}

/** Bytes that are read of a file at once: some records. */
const FILE_PIECE = 256 * 1024;

/** All of a file, or of stdin for `-`, up to so many bytes and one more. Throws FcgiInspectError where it cannot be read. */
export function readBytes(path: string, most: number): Buffer {
	return attempt(path, () => {
		const file = path === "-" ? 0 : openSync(path, "r");
		try {
			return bytesOf(file, most + 1);
		} finally {
			if (file !== 0) closeSync(file);
		}
	});
}

function bytesOf(file: number, most: number): Buffer {
	const pieces: Buffer[] = [];
	let left = most;
	while (left > 0) {
		const piece = Buffer.allocUnsafe(Math.min(FILE_PIECE, left));
		const length = readSync(file, piece);
		if (length === 0) break;
		pieces.push(piece.subarray(0, length));
		left -= length;
	}
	return Buffer.concat(pieces);
}

/** What a call on a file brings. Throws FcgiInspectError where the system refuses. */
export function attempt<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		return refuse(path, error);
	}
}

function refuse(path: string, error: unknown): never {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === undefined || error instanceof FcgiInspectError) throw error;
	throw usage(path, REASONS[code] ?? message);
}

function usage(path: string, reason: string): FcgiInspectError {
	return new FcgiInspectError("usage", `${path}: ${reason}`);
}

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	EACCES: "permission denied",
	EISDIR: "is a directory",
	ENXIO: "a socket, or a device that is not there",
};
