// A file name, or `-` for standard input, becomes a source of chunks: its bytes are read, their form is told by how they
// start, and the stage of that form makes chunks of them.

import { FcgiInspectError } from "../errors.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Chunk, ChunkSource, SourceReport } from "../inspect/chunk.js";
import type { Stage } from "../stage.js";
import type { CaptureFormat } from "./format.js";
import { HEAD_LENGTH, Head } from "./head.js";
import { CAPTURE_FORMATS, formatOf, refusedFormatOf } from "./index.js";
import { type Input, openInput, unreadable } from "./input.js";

/** First bytes of an unknown input that its refusal shows. */
const SHOWN_BYTES = 4;

/** Bytes in which every binary format can be told. */
const MAGIC_LENGTH = 24;

/** What a capture is opened with. */
export interface CaptureOptions {
	/** Ports on which an application is listening, whatever the bytes look like. */
	readonly ports?: readonly number[];
	/** The name of the form that the input has, where that is not to be told by how it starts. */
	readonly format?: string;
}

/**
 * Opens a capture and looks at its first bytes. Rejects with a `FcgiInspectError` where it cannot be read or is of no
 * known form. The chunks of a batch are views that last until the next batch is asked for; to stop early, leave the loop.
 */
export async function openCapture(
	path: string,
	options: CaptureOptions = {},
): Promise<ChunkSource> {
	const wanted =
		options.format === undefined ? undefined : formatNamed(options.format);
	const name = path === "-" ? "standard input" : printable(path);
	const input = await openInput(path, name);
	try {
		const report: SourceReport = {
			format: "",
			truncated: false,
			remarks: [],
			otherConnections: 0,
		};
		const ahead = wanted === undefined ? await readHead(input) : NO_BYTES;
		const format =
			wanted ??
			formatFor(new Head(ahead, ahead.length < HEAD_LENGTH), name, report);
		report.format = format.name;
		const { ports = [] } = options;
		const stage = format.open({ ports, live: input.live }, report);
		return {
			report,
			live: input.live,
			[Symbol.asyncIterator]: () => chunks(ahead, input, stage, name),
		};
	} catch (error) {
		await input.close();
		throw unreadable(name, error);
	}
}

/**
 * The first bytes, as many as it takes to tell the form. A text on a pipe is waited for until there is a head of it; of
 * bytes that are none, the first few tell, and the rest may be long in coming.
 */
async function readHead(input: Input): Promise<Buffer> {
	let head: Buffer = NO_BYTES;
	for (;;) {
		const bytes = await input.next();
		if (bytes.length === 0) return head;
		head =
			head.length === 0 ? Buffer.from(bytes) : Buffer.concat([head, bytes]);
		if (head.length >= HEAD_LENGTH) return head;
		if (head.length < MAGIC_LENGTH) continue;
		const soFar = new Head(head, false);
		if (!soFar.isText && formatOf(soFar) !== undefined) return head;
	}
}

async function* chunks(
	ahead: Buffer,
	input: Input,
	stage: Stage<Buffer, Chunk>,
	name: string,
): AsyncGenerator<readonly Chunk[], void, undefined> {
	try {
		let bytes = ahead;
		for (;;) {
			if (bytes.length === 0) {
				bytes = await input.next().catch((error: unknown) => {
					throw unreadable(name, error);
				});
			}
			if (bytes.length === 0) break;
			const made = stage.push(bytes);
			if (made.length > 0) yield made;
			bytes = NO_BYTES;
		}
		const last = stage.end();
		if (last.length > 0) yield last;
	} finally {
		await input.close();
	}
}

function formatNamed(name: string): CaptureFormat {
	const format = CAPTURE_FORMATS.find((candidate) => candidate.name === name);
	if (format !== undefined) return format;
	throw new FcgiInspectError(
		"usage",
		`unknown input format '${name}' (fcgi-inspect formats lists them)`,
	);
}

/** The format that fits, with a remark where others do as well. */
function formatFor(
	head: Head,
	name: string,
	report: SourceReport,
): CaptureFormat {
	const [format, ...others] = CAPTURE_FORMATS.filter(({ recognises }) =>
		recognises(head),
	);
	if (format === undefined) throw unknownInput(name, head);
	if (others.length > 0) {
		const names = others.map((other) => other.name).join(" or ");
		report.remarks.push(
			`read as ${format.name}; it could be ${names} as well (--input-format)`,
		);
	}
	return format;
}

function unknownInput(name: string, head: Head): FcgiInspectError {
	if (head.bytes.length === 0) {
		return new FcgiInspectError("unknown-input", `${name}: empty file`);
	}
	const refused = refusedFormatOf(head);
	if (refused !== undefined) {
		return new FcgiInspectError(
			"unknown-input",
			`${name}: ${refused.name}, which ${refused.advice}`,
		);
	}
	const first = [...head.bytes.subarray(0, SHOWN_BYTES)].map((byte) =>
		byte.toString(16).padStart(2, "0"),
	);
	return new FcgiInspectError(
		"unknown-input",
		`${name}: not a capture, a text dump or FastCGI bytes (first bytes ${first.join(" ")})`,
	);
}

/** A name without anything that a terminal would obey. */
function printable(name: string): string {
	return name.replace(
		/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
		(character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
}
