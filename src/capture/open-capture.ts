// A file name, or `-` for standard input, becomes a source of chunks: its bytes are read, their form is told by how they
// start, and the stage of that form makes chunks of them.

import { FcgiInspectError } from "../errors.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Chunk, ChunkSource, SourceReport } from "../inspect/chunk.js";
import type { Stage } from "../stage.js";
import type { CaptureFormat } from "./format.js";
import { HEAD_LENGTH, Head } from "./head.js";
import { CAPTURE_FORMATS, formatOf, refusedFormatOf } from "./index.js";
import { type Input, openInput, unreadable } from "./input/input.js";
import { type Archive, packingOf, unpacked } from "./input/unpacked.js";

/** First bytes of an unknown input that its refusal shows. */
const SHOWN_BYTES = 4;

/** Bytes in which every binary format can be told. */
const MAGIC_LENGTH = 24;

/** How often a capture may be packed in what is packed: once, and once more by somebody who did not see it. */
const MAX_PACKINGS = 2;

/** What a capture is opened with. */
export interface CaptureOptions {
	/** Ports on which an application is listening, whatever the bytes look like. */
	readonly ports?: readonly number[];
	/** The name of the form that the input has, where that is not to be told by how it starts. */
	readonly format?: string;
	/** Bytes of the header of a user-defined link type (147 to 162), where it is not sockdump's. */
	readonly skip?: number;
}

/**
 * Opens a capture and looks at its first bytes. Rejects with a `FcgiInspectError` where it cannot be read or is of no
 * known form. The chunks of a batch are views that last until the next batch is asked for; to stop early, leave the loop.
 */
export async function openCapture(
	path: string,
	options: CaptureOptions = {},
): Promise<ChunkSource> {
	const { ports = [], skip } = options;
	const wanted =
		options.format === undefined ? undefined : formatNamed(options.format);
	const name = path === "-" ? "standard input" : printable(path);
	const report: SourceReport = {
		format: "",
		truncated: false,
		remarks: [],
		otherConnections: 0,
	};
	let input = await openInput(path, name);
	try {
		let head = await readHead(input, wanted);
		input = new AheadInput(head.bytes, input);
		const packings: string[] = [];
		let archive: Archive | undefined;
		for (;;) {
			const packing = packingOf(head);
			if (packing === undefined || packings.length === MAX_PACKINGS) break;
			packings.push(packing);
			archive = unpacked(input, packing, report, archive);
			input = archive;
			head = await readHead(archive, wanted);
			input = new AheadInput(head.bytes, archive);
		}
		const format = wanted ?? formatFor(head, name, report);
		report.format = [format.name, ...packings].join(", ");
		const stage = format.open({ ports, live: input.live, skip }, report);
		return {
			report,
			live: input.live,
			[Symbol.asyncIterator]: () => chunks(input, stage, name),
		};
	} catch (error) {
		await input.close();
		throw unreadable(name, error);
	}
}

/**
 * The first bytes, as many as it takes to tell the form. A text on a pipe is waited for until there is a head of it; of
 * bytes that are none, the first few tell, and the rest may be long in coming, as it may where the form is known.
 */
async function readHead(
	input: Input,
	wanted: CaptureFormat | undefined,
): Promise<Head> {
	let head: Buffer = NO_BYTES;
	for (;;) {
		const bytes = await input.next();
		if (bytes.length === 0) return new Head(head, true);
		head =
			head.length === 0 ? Buffer.from(bytes) : Buffer.concat([head, bytes]);
		const soFar = new Head(head, false);
		if (head.length >= HEAD_LENGTH) return soFar;
		if (head.length < MAGIC_LENGTH) continue;
		if (wanted !== undefined || packingOf(soFar) !== undefined) return soFar;
		if (!soFar.isText && formatOf(soFar) !== undefined) return soFar;
	}
}

/** An input of which the first bytes were read already. */
class AheadInput implements Input {
	readonly live: boolean;

	constructor(
		private ahead: Buffer,
		private readonly input: Input,
	) {
		this.live = input.live;
	}

	async next(): Promise<Buffer> {
		const ahead = this.ahead;
		if (ahead.length === 0) return this.input.next();
		this.ahead = NO_BYTES;
		return ahead;
	}

	close(): Promise<void> {
		return this.input.close();
	}
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
	if (format === undefined) {
		const [remark] = report.remarks;
		if (head.bytes.length > 0 || remark === undefined) {
			throw unknownInput(name, head);
		}
		throw new FcgiInspectError("unknown-input", `${name}: ${remark}`);
	}
	const rivals = others.filter(({ anywhere }) => !anywhere || format.anywhere);
	if (rivals.length > 0) {
		const names = rivals.map((rival) => rival.name).join(" or ");
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
