// The file that `send --records` names, as bytes that are read where they are needed; what comes on a pipe is held.

import { createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { FcgiInspectError } from "../../errors.js";
import type { TextBytes } from "../../send/index.js";
import { attempt } from "./input-file.js";

/** Bytes of a pipe that are held at most: a file may be longer, because it can be read twice. */
const MAX_PIPE_BYTES = 1024 * 1024 * 1024;

/** The bytes of a file, or of stdin for `-`. Rejects with FcgiInspectError where they cannot be read. */
export async function recordsFile(path: string): Promise<TextBytes> {
	if (path === "-") return held("stdin", process.stdin);
	const file = attempt(path, () => openSync(path, "r"));
	const stats = fstatSync(file);
	if (!stats.isFile()) {
		return held(path, createReadStream(path, { fd: file }));
	}
	return {
		name: path,
		length: stats.size,
		slice: (from, to) => attempt(path, () => read(file, from, to)),
	};
}

function read(file: number, from: number, to: number): Buffer {
	const bytes = Buffer.allocUnsafe(to - from);
	let length = 0;
	while (length < bytes.length) {
		const count = readSync(
			file,
			bytes,
			length,
			bytes.length - length,
			from + length,
		);
		if (count === 0) break;
		length += count;
	}
	return bytes.subarray(0, length);
}

async function held(
	name: string,
	pipe: AsyncIterable<Buffer>,
): Promise<TextBytes> {
	const pieces: Buffer[] = [];
	let length = 0;
	try {
		for await (const piece of pipe) {
			pieces.push(piece);
			length += piece.length;
			if (length > MAX_PIPE_BYTES) break;
		}
	} catch (error) {
		attempt(name, () => {
			throw error;
		});
	}
	if (length > MAX_PIPE_BYTES) throw tooLong(name);
	const bytes = Buffer.concat(pieces);
	return { name, length, slice: (from, to) => bytes.subarray(from, to) };
}

function tooLong(name: string): FcgiInspectError {
	return new FcgiInspectError(
		"usage",
		`${name}: more than ${MAX_PIPE_BYTES} bytes; of a file, as many as there are can be sent`,
	);
}
