// Looks for a dump with offsets in the first lines of a text, and finds out how it is to be read: its form, what the
// offsets are counted in, and the byte order of words. Successive offsets have to be as far apart as the lines have bytes.

import { FCGI_HEADER_LEN } from "../../fastcgi/constants.js";
import { withoutColours } from "../text/colours.js";
import { ByteSink } from "./byte-sink.js";
import { readCells } from "./cells.js";
import { findAnyHeader, looksLikeAnyHeader } from "./mixed-header-search.js";
import type { OffsetReading } from "./offset-dump.js";
import { OFFSET_FORMS, type OffsetForm } from "./offset-forms.js";
import { findOffset, type OffsetPlace, offsetValue } from "./offset-line.js";

/** Lines of a dump that are looked at. */
const ENOUGH_LINES = 32;
/** Two offsets of neighbouring lines are at most so far apart. */
const MAX_WIDTH = 4096;

/** A dump that was found. */
export interface FoundOffsets extends OffsetReading {
	/** Whether its first bytes make a record header, or have one among them. */
	readonly fastcgi: boolean;
}

/** The first dump of FastCGI in these lines, or else the first of anything. */
export function findOffsetDump(
	lines: readonly string[],
	forms: readonly OffsetForm[] = OFFSET_FORMS,
): FoundOffsets | undefined {
	let other: FoundOffsets | undefined;
	for (let i = 0; i < lines.length; i++) {
		if (!mayStart(lines[i] as string)) continue;
		for (const form of forms) {
			const run = runAt(lines, i, form);
			if (run === undefined) continue;
			const found = judge(run, form);
			if (found?.fastcgi) return found;
			other ??= found;
		}
	}
	return other;
}

/** Whether there are six digits in a row in front: what is left out here is left out by all forms. */
function mayStart(text: string): boolean {
	return /[0-9a-fA-F]{6}/.test(withoutColours(text.slice(0, 256)));
}

interface RunLine {
	readonly text: string;
	readonly place: OffsetPlace;
}

/** The lines from `first` on that have an offset; undefined where that one shows no bytes. */
function runAt(
	lines: readonly string[],
	first: number,
	form: OffsetForm,
): RunLine[] | undefined {
	const run: RunLine[] = [];
	for (let i = first; i < lines.length && run.length < ENOUGH_LINES; i++) {
		const text = withoutColours(lines[i] as string);
		const place = findOffset(text, form);
		if (place === undefined) break;
		if (run.length === 0 && text.slice(place.dataAt).trim() === "") break;
		run.push({ text, place });
	}
	return run.length === 0 ? undefined : run;
}

/** Tries what the offsets may be counted in, and then the byte orders. */
function judge(
	run: readonly RunLine[],
	form: OffsetForm,
): FoundOffsets | undefined {
	const [first] = run as [RunLine];
	if (form.cells.tail === "bars" && !first.text.includes("|")) return undefined;
	for (const radix of form.radixes) {
		const natural = form.cells.order === "reversed";
		const read = bytesOf(run, form, radix, natural);
		if (read === undefined) continue;
		if (isFastcgi(read.bytes)) {
			return { form, radix, reversed: natural, fastcgi: true };
		}
		if (form.cells.bytes !== 1) {
			const other = bytesOf(run, form, radix, !natural);
			if (other !== undefined && isFastcgi(other.bytes)) {
				return { form, radix, reversed: !natural, fastcgi: true };
			}
		}
		// Characters alone are shown by `od -a` as well, and by many others.
		if (read.consistent && form.cells.radix !== "characters") {
			return { form, radix, reversed: natural, fastcgi: false };
		}
	}
	return undefined;
}

/** The bytes of the lines up to the first that does not fit; undefined where not even two fit, if there are two. */
function bytesOf(
	run: readonly RunLine[],
	form: OffsetForm,
	radix: number,
	reversed: boolean,
): { bytes: Buffer; consistent: boolean } | undefined {
	const sink = new ByteSink();
	let fitting = 0;
	for (let i = 0; i < run.length; i++) {
		const { text, place } = run[i] as RunLine;
		const offset = offsetValue(text, place, radix);
		if (offset === -1) break;
		const next = run[i + 1];
		let limit: number | undefined;
		if (next !== undefined) {
			limit = offsetValue(next.text, next.place, radix) - offset;
			if (limit < 1 || limit > MAX_WIDTH) limit = undefined;
		}
		const before = sink.length;
		const end = readCells(
			text,
			place.dataAt,
			form.cells,
			reversed,
			limit,
			sink,
		);
		if (end === -1) {
			sink.length = before;
			break;
		}
		if (limit === undefined) break;
		if (sink.length - before !== limit) {
			if (fitting === 0) return undefined;
			break;
		}
		fitting++;
	}
	if (sink.length < FCGI_HEADER_LEN) return undefined;
	return {
		bytes: sink.bytes.subarray(0, sink.length),
		consistent: fitting > 0,
	};
}

function isFastcgi(bytes: Buffer): boolean {
	return looksLikeAnyHeader(bytes, 0) || findAnyHeader(bytes, 0, false).sure;
}
