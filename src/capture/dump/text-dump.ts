// A text becomes the bytes that are dumped in it: its first lines say how it is to be read, and wait for that.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { HEAD_LENGTH, Head } from "../head.js";
import { type Line, Lines } from "../text/lines.js";
import { type DumpName, readingAs } from "./dump-scan.js";
import type { DumpedBytes } from "./dumped-bytes.js";
import { NotationDump } from "./notation-dump.js";
import { OffsetDump } from "./offset-dump.js";

/**
 * Characters of a line that are held: the lines of dumps are short, but for those that hold a whole dump, and of those
 * the parts will do.
 */
const LINE_LIMIT = 256 * 1024;

interface DumpReader extends Stage<Line, DumpedBytes> {
	pushAll(lines: readonly Line[]): readonly DumpedBytes[];
}

/** Reads a text as dumps of one format. What is handed out lasts until the next push. */
export class TextDump implements Stage<Buffer, DumpedBytes> {
	readonly #name: DumpName;
	readonly #report: SourceReport;
	readonly #lines = new Lines(LINE_LIMIT);
	#reader: DumpReader | undefined;
	/** The beginning, until there is enough of it. */
	#head: Buffer[] = [];
	#headLength = 0;

	/** The report takes the remarks. */
	constructor(name: DumpName, report: SourceReport) {
		this.#name = name;
		this.#report = report;
	}

	push(bytes: Buffer): readonly DumpedBytes[] {
		if (this.#reader !== undefined) {
			return this.#reader.pushAll(this.#lines.push(bytes));
		}
		this.#head.push(Buffer.from(bytes));
		this.#headLength += bytes.length;
		return this.#headLength < HEAD_LENGTH ? NOTHING : this.#start(false);
	}

	end(): readonly DumpedBytes[] {
		const first = this.#reader === undefined ? this.#start(true) : NOTHING;
		// What is handed out lasts until more is made.
		const made = first.map(kept);
		const last = this.#reader?.pushAll(this.#lines.end()) ?? NOTHING;
		made.push(...last.map(kept), ...(this.#reader?.end() ?? NOTHING));
		return made;
	}

	#start(whole: boolean): readonly DumpedBytes[] {
		const bytes = Buffer.concat(this.#head, this.#headLength);
		this.#head = [];
		const head = new Head(bytes.subarray(0, HEAD_LENGTH), whole);
		const reading = readingAs(this.#name, linesOf(head));
		this.#reader =
			"offsets" in reading
				? new OffsetDump(reading.offsets, this.#report)
				: new NotationDump(reading.notation, this.#report, reading.anyStart);
		return this.#reader.pushAll(this.#lines.push(bytes));
	}
}

/** Its lines, also where there is a stray NUL in the text. */
function linesOf(head: Head): readonly string[] {
	if (head.isText) return head.lines;
	return head.bytes.toString("latin1").split(/\r?\n/);
}

function kept(dumped: DumpedBytes): DumpedBytes {
	return { ...dumped, bytes: Buffer.from(dumped.bytes) };
}
