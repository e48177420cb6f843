// The lines of a dump with offsets become its bytes. The offset of the next line says how many bytes a line has, so each
// waits for the next; lines that were folded into `*` are repeated as often as the next offset says. An offset that goes
// back begins another dump, and one that jumps leaves a hole.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { withoutColours } from "../text/colours.js";
import { hexDigitAt } from "../text/hex-digits.js";
import type { Line } from "../text/lines.js";
import { readCells } from "./cells.js";
import { characterCell } from "./character-cells.js";
import { DumpOutput } from "./dump-output.js";
import type { DumpedBytes } from "./dumped-bytes.js";
import type { OffsetForm } from "./offset-forms.js";
import {
	findOffset,
	type OffsetPlace,
	offsetAt,
	offsetValue,
} from "./offset-line.js";
import { RemarkCounts, SkippedLines } from "./remark-counts.js";

/** Bytes that one `*` may stand for: more than the longest record, as nothing that repeats goes beyond one. */
const MAX_REPEATED = 128 * 1024;
/** Bytes that all of them may stand for: what is padded with zeros, and no more than memory of its reader stands. */
const MAX_REPEATED_IN_TOTAL = 64 * 2 ** 20;
/** Bytes in which a repeated line is laid out. */
const REPEAT_BLOCK = 4096;

/** How a dump with offsets is to be read. */
export interface OffsetReading {
	readonly form: OffsetForm;
	readonly radix: 8 | 10 | 16;
	/** Whether the lowest byte of each number comes first. */
	readonly reversed: boolean;
}

interface PendingLine {
	readonly number: number;
	readonly text: string;
	readonly place: OffsetPlace;
	readonly offset: number;
}

/** Reads dumps of one form, and skips what is none. */
export class OffsetDump implements Stage<Line, DumpedBytes> {
	readonly #reading: OffsetReading;
	readonly #report: SourceReport;
	readonly #output = new DumpOutput();
	readonly #remarks = new RemarkCounts();
	readonly #skipped = new SkippedLines();
	#pending: PendingLine | undefined;
	/** Whether a dump is under way, so that `*` and a last offset belong to it. */
	#inDump = false;
	#started = false;
	/** The offset behind the last byte handed out. */
	#expected = 0;
	/** Bytes of a whole line: the least that two offsets are apart. */
	#width: number | undefined;
	/** Where the offset of the line before stands, and its digits. */
	#column = 0;
	#digits = 0;
	/** The line before a `*`, and where the `*` stands. */
	#repeated: Buffer | undefined;
	/** Bytes that were repeated so far. */
	#repeatedBytes = 0;
	#repeatedAt = 0;
	#lastLineLength = 0;
	#inLongLine = false;

	constructor(reading: OffsetReading, report: SourceReport) {
		this.#reading = reading;
		this.#report = report;
	}

	push(line: Line): readonly DumpedBytes[] {
		this.#take(line);
		return this.#output.take();
	}

	/** `push` for many lines. */
	pushAll(lines: readonly Line[]): readonly DumpedBytes[] {
		for (let i = 0; i < lines.length; i++) this.#take(lines[i] as Line);
		return lines.length === 0 ? NOTHING : this.#output.take();
	}

	end(): readonly DumpedBytes[] {
		this.#flush(undefined);
		this.#endRepeat();
		const { remarks } = this.#report;
		if (this.#reading.reversed) {
			remarks.push("words read as little-endian, the low byte first");
		}
		for (const remark of this.#remarks.all()) remarks.push(remark);
		const skipped = this.#skipped.remark();
		if (skipped !== undefined) remarks.push(skipped);
		return this.#output.take();
	}

	#take({ number, text: coloured, ends }: Line): void {
		const wasLong = this.#inLongLine;
		this.#inLongLine = !ends;
		if (wasLong || !ends) {
			if (!wasLong) this.#skip(number, coloured);
			return;
		}
		const text = withoutColours(coloured);
		const place = this.#placeOf(text);
		if (place === undefined) {
			if (this.#inDump && isStar(text)) this.#star(number);
			else this.#skip(number, coloured);
			return;
		}
		const offset = offsetValue(text, place, this.#reading.radix);
		const isLast = text.length === place.dataAt || isBlank(text, place.dataAt);
		// The number of digits never shrinks within a dump: a shorter one was cut off.
		const digits = place.end - place.start;
		const isCut = isLast && digits < this.#digits;
		const isLine = isLast || this.#startsCell(text, place.dataAt);
		if (offset === -1 || isCut || !isLine) {
			this.#skip(number, coloured);
			return;
		}
		this.#flush(offset);
		this.#reach(offset, number, isLast);
		this.#column = place.start;
		this.#digits = digits;
		this.#pending = isLast ? undefined : { number, text, place, offset };
		this.#inDump = !isLast;
	}

	#placeOf(text: string): OffsetPlace | undefined {
		const { form } = this.#reading;
		const place = this.#inDump ? offsetAt(text, this.#column, form) : undefined;
		if (place !== undefined && startsNumber(text, place.start)) return place;
		let found = findOffset(text, form);
		while (found !== undefined) {
			const blank = isBlank(text, found.dataAt);
			if (blank ? this.#inDump : this.#startsCell(text, found.dataAt)) break;
			found = findOffset(text, form, found.end);
		}
		return found;
	}

	#startsCell(text: string, dataAt: number): boolean {
		if (this.#reading.form.cells.radix === "characters") {
			return characterCell(text, dataAt) !== -1;
		}
		let at = dataAt;
		while (text.charCodeAt(at) <= 0x20) at++;
		const { radix, digits } = this.#reading.form.cells;
		const value = hexDigitAt(text, at);
		if (value < 0 || value >= radix) return false;
		if (radix === 16 || digits > 0) return hexDigitAt(text, at + 1) >= 0;
		return true;
	}

	#skip(number: number, text: string): void {
		this.#flush(undefined);
		this.#inDump = false;
		this.#skipped.note(number, text);
	}

	/** Reads the line that waits, now that the next offset is known. */
	#flush(nextOffset: number | undefined): void {
		const line = this.#pending;
		if (line === undefined) return;
		this.#pending = undefined;
		const apart = nextOffset === undefined ? 0 : nextOffset - line.offset;
		if (apart > 0 && (this.#width === undefined || apart < this.#width)) {
			this.#width = apart;
		}
		const limit = this.#width;
		const { form, reversed } = this.#reading;
		const { sink } = this.#output;
		const before = sink.length;
		const end = readCells(
			line.text,
			line.place.dataAt,
			form.cells,
			reversed,
			apart > 0 && limit !== undefined ? Math.min(apart, limit) : limit,
			sink,
		);
		const length = sink.length - before;
		this.#lastLineLength = length;
		this.#expected = line.offset + length;
		if (end !== -1) return;
		this.#remarks.note(
			"cells",
			limit !== undefined && length >= limit
				? `line ${line.number} has more than the ${limit} bytes that belong there`
				: `line ${line.number}: what follows byte ${length} is no byte`,
		);
	}

	/** Goes on at an offset, which the bytes so far may not have reached or may have passed. */
	#reach(offset: number, number: number, isLast: boolean): void {
		const repeated = this.#repeated;
		if (!this.#started || offset < this.#expected) {
			this.#endRepeat();
			if (this.#started && isLast) {
				this.#remarks.note(
					"length",
					`line ${number}: the dump ends at offset ${offset}, and has shown bytes up to ${this.#expected}`,
				);
				return;
			}
			if (this.#started && offset !== 0) {
				this.#remarks.note(
					"back",
					`line ${number}: the offset goes back to ${offset}, taken as another dump`,
				);
			}
			this.#output.begin();
			this.#width = undefined;
			this.#started = true;
			this.#expected = offset;
			return;
		}
		this.#repeated = undefined;
		const apart = offset - this.#expected;
		if (apart === 0) return;
		if (repeated !== undefined && this.#repeat(repeated, apart)) {
			this.#expected = offset;
			return;
		}
		const what = repeated === undefined ? "missing" : "too many to repeat";
		this.#remarks.note(
			what,
			`line ${number}: ${apart === 1 ? "1 byte is" : `${apart} bytes are`} ${what} in front of offset ${offset}`,
		);
		this.#output.miss(apart);
		this.#expected = offset;
	}

	#star(number: number): void {
		this.#flush(undefined);
		const { sink } = this.#output;
		const length = this.#width ?? this.#lastLineLength;
		if (this.#repeated === undefined && this.#lastLineLength > 0) {
			const end = sink.length;
			this.#repeated = Buffer.from(
				sink.bytes.subarray(end - Math.min(length, this.#lastLineLength), end),
			);
		}
		this.#repeatedAt = number;
	}

	/** Repeats the line before a `*`; false where that would be too much. */
	#repeat(line: Buffer, count: number): boolean {
		if (count > MAX_REPEATED || line.length === 0) return false;
		if (this.#repeatedBytes + count > MAX_REPEATED_IN_TOTAL) return false;
		this.#repeatedBytes += count;
		const times = Math.ceil(Math.min(count, REPEAT_BLOCK) / line.length);
		const block = Buffer.alloc(times * line.length, line);
		for (let left = count; left > 0; left -= block.length) {
			this.#output.add(left < block.length ? block.subarray(0, left) : block);
		}
		return true;
	}

	/** No offset says how often a line was to be repeated. */
	#endRepeat(): void {
		if (this.#repeated === undefined) return;
		this.#repeated = undefined;
		this.#output.miss(undefined);
		this.#report.truncated = true;
		this.#remarks.note(
			"star",
			`line ${this.#repeatedAt}: no offset follows that says how often the line before is repeated`,
		);
	}
}

function isStar(text: string): boolean {
	if (text.length > 100 || !text.includes("*")) return false;
	return /^[\s>|]*(?:\d+[:\s]\s*)?\*\s*$/.test(text);
}

function isBlank(text: string, at: number): boolean {
	for (let i = at; i < text.length; i++) {
		if (text.charCodeAt(i) > 0x20) return false;
	}
	return true;
}

function startsNumber(text: string, at: number): boolean {
	return at === 0 || hexDigitAt(text, at - 1) < 0;
}
