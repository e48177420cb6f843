// The bytes of a line of `od -c` or `hexdump -c`: four columns for each, with the character itself, an escape of C or three
// octal digits at their right end.

import { C_ESCAPES } from "../../fastcgi/c-escapes.js";
import type { ByteSink } from "./byte-sink.js";

/** Columns of a cell. */
const WIDTH = 4;
const SPACE = 0x20;
const BACKSLASH = 0x5c;

const ESCAPES: Readonly<Record<string, number>> = {
	"0": 0,
	...C_ESCAPES,
};

/** What `readCells` does, for cells of this kind. */
export function readCharacterCells(
	text: string,
	from: number,
	limit: number | undefined,
	sink: ByteSink,
): number {
	// Where it is not known how many there are, blanks at the end are none.
	const end = limit === undefined ? text.trimEnd().length : text.length;
	const most = sink.length + (limit ?? text.length);
	let at = from;
	for (; at + WIDTH <= end && sink.length < most; at += WIDTH) {
		const byte = characterCell(text, at);
		if (byte === -1) return -1;
		sink.push(byte);
	}
	const rest = text.slice(at).trimStart();
	return rest === "" || rest.startsWith(">") ? at : -1;
}

/** The byte of the cell at `at`; -1 where it is none. */
export function characterCell(text: string, at: number): number {
	if (at + WIDTH > text.length || text.charCodeAt(at) !== SPACE) return -1;
	const last = text.charCodeAt(at + 3);
	const middle = text.charCodeAt(at + 2);
	if (text.charCodeAt(at + 1) !== SPACE) {
		const digits = text.slice(at + 1, at + WIDTH);
		return /^[0-3][0-7]{2}$/.test(digits) ? Number.parseInt(digits, 8) : -1;
	}
	if (middle === BACKSLASH) return ESCAPES[text[at + 3] as string] ?? -1;
	return middle === SPACE && last >= SPACE && last < 0x7f ? last : -1;
}
