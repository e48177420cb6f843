// The bytes of a line of a dump that has an offset in front: how the tools write them, in pairs, groups, words or
// numbers (xxd, hexdump and od as their manuals say, and as they do).

import { HEX_VALUE } from "../text/hex-digits.js";
import type { ByteSink } from "./byte-sink.js";
import { readCharacterCells } from "./character-cells.js";

/** How the bytes of a line are written. */
export interface Cells {
	/** What numbers are written in: 16 with any even number of digits, if `digits` is 0; "characters" where they are none. */
	readonly radix: 2 | 8 | 10 | 16 | "characters";
	/** Digits of each number; 0 where they differ. */
	readonly digits: number;
	/** Bytes that a number stands for; 0 where its digits say so. */
	readonly bytes: number;
	/** Whether the lowest byte of a number comes first, as far as it is known before the numbers are seen. */
	readonly order: "as written" | "reversed";
	/** What follows the bytes: a text column behind a gap, in bars or in angle brackets where it is there, or nothing. */
	readonly tail: "gap" | "bars" | "angles";
}

const SPACE = 0x20;
const TAB = 0x09;
const BAR = 0x7c;
const ANGLE = 0x3e;

/** A gap of so many spaces is followed by the text column, or by nothing. */
const TEXT_GAP = 3;

/**
 * Adds the bytes that start at `at` to the sink, at most `limit`, and returns where they end: -1 where what follows is
 * no part of such a line. Without a limit, two spaces end the bytes in front of a text column.
 */
export function readCells(
	text: string,
	at: number,
	cells: Cells,
	reversed: boolean,
	limit: number | undefined,
	sink: ByteSink,
): number {
	if (cells.radix === "characters") {
		return readCharacterCells(text, at, limit, sink);
	}
	const { radix } = cells;
	sink.makeRoom(text.length);
	const most = sink.length + (limit ?? text.length);
	const gap = limit === undefined ? 2 : TEXT_GAP;
	const { tail } = cells;
	let position = at;
	let width = 0;
	for (;;) {
		const start = position;
		let code = text.charCodeAt(position);
		while (code === SPACE || code === TAB) code = text.charCodeAt(++position);
		if (position >= text.length) return position;
		if (tail === "gap" && position - start >= gap && position > at + 1) {
			// The last group of a reversed line is shorter, and stands at the right end of its place.
			if (!reversed || !endsAligned(text, position, at, width)) return start;
		}
		if (sink.length >= most) {
			return tail === "gap" || isTail(code, tail) ? start : -1;
		}
		const before = sink.length;
		const end =
			radix === 16
				? readHexGroup(text, position, cells.digits, sink)
				: readNumber(text, position, radix, cells, sink);
		if (end === position) {
			return tail === "gap" || isTail(code, tail) ? start : -1;
		}
		if (reversed) sink.reverseFrom(before);
		if (sink.length > most) sink.length = most;
		width ||= end - position;
		position = end;
	}
}

function isTail(code: number, tail: Cells["tail"]): boolean {
	return code === (tail === "bars" ? BAR : ANGLE);
}

/** Whether the group at `position` ends where one of `width` digits would, if they all stand one space apart. */
function endsAligned(
	text: string,
	position: number,
	at: number,
	width: number,
): boolean {
	let end = position;
	while ((HEX_VALUE[text.charCodeAt(end)] as number) >= 0) end++;
	let first = at;
	while (text.charCodeAt(first) === SPACE) first++;
	return end - position < width && (end - first) % (width + 1) === width;
}

/** Adds the bytes of a group of hex digits, all of them or `digits` many; returns its end, `at` where it is none. */
function readHexGroup(
	text: string,
	at: number,
	digits: number,
	sink: ByteSink,
): number {
	const { bytes } = sink;
	const before = sink.length;
	let length = before;
	let position = at;
	for (;;) {
		const high = HEX_VALUE[text.charCodeAt(position)] as number;
		if (!(high >= 0)) break;
		const low = HEX_VALUE[text.charCodeAt(position + 1)] as number;
		if (!(low >= 0)) return at;
		bytes[length++] = (high << 4) | low;
		position += 2;
	}
	if (position === at || (digits > 0 && position - at !== digits)) return at;
	if (position < text.length) {
		const code = text.charCodeAt(position);
		if (code !== SPACE && code !== TAB) return at;
	}
	sink.length = length;
	return position;
}

/** Adds the bytes of a number, one or two; returns its end, `at` where it is none. */
function readNumber(
	text: string,
	at: number,
	radix: number,
	{ digits, bytes }: Cells,
	sink: ByteSink,
): number {
	let value = 0;
	let position = at;
	for (; position < text.length; position++) {
		const code = text.charCodeAt(position);
		if (code === SPACE || code === TAB) break;
		const digit = code - 0x30;
		if (digit < 0 || digit >= radix) return at;
		value = value * radix + digit;
	}
	const length = position - at;
	if (digits > 0 ? length !== digits : length > 5) return at;
	if (digits === 0 && length > 1 && text.charCodeAt(at) === 0x30) return at;
	if (value >= 1 << (8 * bytes)) return at;
	if (bytes === 2) sink.push(value >> 8);
	sink.push(value & 0xff);
	return position;
}
