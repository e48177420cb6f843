// The bytes that `send` takes from files, pipes, forms and words, with what is known of them before they are sent.

import {
	accessSync,
	constants,
	createReadStream,
	readFileSync,
	statSync,
} from "node:fs";
import { FcgiInspectError } from "../errors.js";
import {
	type Body,
	type BodyFacts,
	type DataFacts,
	formBody,
	formField,
} from "../send/index.js";

/** The bytes of a stream, and what is known of them. */
export interface Stream {
	readonly body: Body;
	readonly facts: BodyFacts & DataFacts;
}

/** FCGI_STDIN, as `-d` and `--form` say it. Rejects with FcgiInspectError where a file cannot be read. */
export async function stdinFrom({
	body,
	form,
}: {
	readonly body?: string;
	readonly form?: readonly string[];
}): Promise<Stream | undefined> {
	if (form !== undefined) return formFrom(form);
	if (body === undefined) return undefined;
	const type = "application/x-www-form-urlencoded";
	const known = { lastModified: undefined, type };
	if (body === "-") {
		const { bytes, rest } = await beginningOf(process.stdin);
		return rest === undefined
			? { body: bytes, facts: { ...known, length: bytes.length } }
			: { body: rest, facts: { ...known, length: undefined } };
	}
	if (body.startsWith("@")) {
		const { body: bytes, facts } = fileFrom(body.slice(1));
		return { body: bytes, facts: { ...facts, type } };
	}
	const bytes = Buffer.from(body);
	return { body: bytes, facts: { ...known, length: bytes.length } };
}

/** What is read of a pipe before anything is sent, so that its length is known where it is short: php wants to know. */
const AHEAD_BYTES = 8 * 2 ** 20;

/** The bytes of a pipe that ends soon; else what it brings, these included. */
async function beginningOf(pipe: AsyncIterable<Buffer>): Promise<{
	readonly bytes: Buffer;
	readonly rest?: AsyncIterable<Buffer>;
}> {
	const pieces: Buffer[] = [];
	let length = 0;
	const more = pipe[Symbol.asyncIterator]();
	for (;;) {
		const { value, done } = await more.next();
		if (done) return { bytes: Buffer.concat(pieces) };
		pieces.push(value);
		length += value.length;
		if (length > AHEAD_BYTES) break;
	}
	const rest = async function* () {
		yield* pieces.splice(0);
		yield* { [Symbol.asyncIterator]: () => more };
	};
	return { bytes: Buffer.alloc(0), rest: rest() };
}

/** The bytes of a file: read anew each time that they are sent. */
export function fileFrom(path: string): Stream {
	const { size, mtimeMs } = attempt(path, () => statSync(path));
	attempt(path, () => accessSync(path, constants.R_OK));
	return {
		body: { [Symbol.asyncIterator]: () => piecesOf(path) },
		facts: { length: size, lastModified: Math.floor(mtimeMs / 1000) },
	};
}

async function* piecesOf(path: string): AsyncGenerator<Buffer> {
	try {
		yield* createReadStream(path, { highWaterMark: FILE_PIECE });
	} catch (error) {
		// It was there before.
		attempt(path, () => {
			throw error;
		});
	}
}

/** Bytes that are read of a file at once: some records. */
const FILE_PIECE = 256 * 1024;

function formFrom(fields: readonly string[]): Stream {
	const boundary = `fcgi-inspect-${Date.now().toString(36)}-${process.pid.toString(36)}`;
	const { type, parts } = formBody(fields.map(formField), boundary);
	const streams = parts.map((part) =>
		Buffer.isBuffer(part) ? part : fileFrom(part.path),
	);
	const length = streams.reduce(
		(sum, one) =>
			sum + (Buffer.isBuffer(one) ? one.length : (one.facts.length ?? 0)),
		0,
	);
	return {
		body: {
			async *[Symbol.asyncIterator]() {
				for (const one of streams) {
					if (Buffer.isBuffer(one)) yield one;
					else yield* one.body as AsyncIterable<Buffer>;
				}
			},
		},
		facts: { length, type, lastModified: undefined },
	};
}

/** All of a file, or of stdin for `-`. Throws FcgiInspectError where it cannot be read. */
export function readBytes(path: string): Buffer {
	return attempt(path, () => readFileSync(path === "-" ? 0 : path));
}

/** What a call on a file brings. Throws FcgiInspectError where the system refuses. */
export function attempt<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		throw new FcgiInspectError("usage", `${path}: ${REASONS[code] ?? message}`);
	}
}

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	EACCES: "permission denied",
	EISDIR: "is a directory",
};
