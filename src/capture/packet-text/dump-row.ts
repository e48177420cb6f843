// A row of a hex dump: its offset and up to sixteen bytes, told by the columns that each tool prints, so that text at its
// end cannot pass for digits. One row object is filled again and again.

import { hexByte, hexDigit, hexNumber, hexRun } from "../text/hex-digits.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	indentOf,
} from "./decoration.js";

/** The most bytes that tcpdump and Wireshark print in a row. */
export const ROW_LENGTH = 16;

const SPACE = 0x20;

/** What was read of a row. */
export class DumpRow {
	/** Of the first byte, as the row says. */
	offset = 0;
	readonly bytes = Buffer.alloc(ROW_LENGTH);
	/** Bytes that are there. */
	length = 0;
	/** Whether something else stands where a digit should. */
	damaged = false;
	/** Digits that the offset is written with. */
	digits = 0;
	/** Where in the line the offset starts. */
	start = 0;
	/** Columns of blanks in front of the offset. */
	indent = 0;
}

/** Reads a row of tcpdump, `0x0010:  4500 003c`; false where the line is none. */
export function readTcpdumpRow(text: string, row: DumpRow): boolean {
	const start = behindQuoting(text);
	if (tcpdumpRowAt(text, behindBlanks(text, start), row)) return true;
	const behind = behindLineNumber(text, start);
	return behind !== -1 && tcpdumpRowAt(text, behindBlanks(text, behind), row);
}

/** Reads a row of Wireshark or tshark, `0010  45 00 00 3c`; false where the line is none. */
export function readWiresharkRow(text: string, row: DumpRow): boolean {
	const start = behindQuoting(text);
	if (wiresharkRowAt(text, start, row)) return true;
	const behind = behindLineNumber(text, start);
	return behind !== -1 && wiresharkRowAt(text, behind, row);
}

function tcpdumpRowAt(text: string, at: number, row: DumpRow): boolean {
	if (text.charCodeAt(at) !== 0x30 || text.charCodeAt(at + 1) !== 0x78) {
		return false;
	}
	const digits = hexRun(text, at + 2, 8);
	const colon = at + 2 + digits;
	if (digits < 4 || text.charCodeAt(colon) !== 0x3a) return false;
	let from = colon + 1;
	if (text.charCodeAt(from) !== SPACE) return false;
	from++;
	if (text.charCodeAt(from) === SPACE) from++;
	row.offset = hexNumber(text, at + 2, digits);
	readWords(text, from, row);
	return row.length > 0;
}

/** Groups of two bytes with a blank between them, up to two blanks or the end. */
function readWords(text: string, from: number, row: DumpRow): void {
	const { bytes } = row;
	let at = from;
	let length = 0;
	row.damaged = false;
	while (length < ROW_LENGTH) {
		const byte = hexByte(text, at);
		if (byte === -1) {
			row.damaged = at < text.length && text.charCodeAt(at) !== SPACE;
			break;
		}
		bytes[length++] = byte;
		at += 2;
		if ((length & 1) === 1) {
			if (hexDigit(text.charCodeAt(at)) >= 0) continue;
		}
		if (at >= text.length) break;
		if (text.charCodeAt(at) !== SPACE) {
			row.damaged = length < ROW_LENGTH;
			break;
		}
		at++;
		if ((length & 1) === 1) break;
	}
	row.length = length;
}

function wiresharkRowAt(text: string, start: number, row: DumpRow): boolean {
	const at = behindBlanks(text, start);
	const digits = hexRun(text, at, 9);
	if (digits < 4 || digits > 8) return false;
	let from = at + digits;
	if (text.charCodeAt(from) !== SPACE || text.charCodeAt(++from) !== SPACE) {
		return false;
	}
	from++;
	if (text.charCodeAt(from) === SPACE) from++;
	if (!isPair(text, from)) return false;
	row.digits = digits;
	row.start = at;
	row.indent = indentOf(text, start, at);
	row.offset = hexNumber(text, at, digits);
	readPairs(text, from, row);
	return true;
}

/** Bytes with a blank between them, two in the middle or not, up to more blanks or the end. */
function readPairs(text: string, from: number, row: DumpRow): void {
	const { bytes } = row;
	let at = from;
	let length = 0;
	row.damaged = false;
	while (length < ROW_LENGTH) {
		const byte = hexByte(text, at);
		if (byte === -1) {
			row.damaged = at < text.length;
			break;
		}
		bytes[length++] = byte;
		at += 2;
		if (at >= text.length) break;
		if (text.charCodeAt(at) !== SPACE) {
			row.damaged = length < ROW_LENGTH;
			break;
		}
		if (text.charCodeAt(at + 1) !== SPACE) at++;
		else if (length === 8 && isPair(text, at + 2)) at += 2;
		else break;
		if (at >= text.length) break;
	}
	row.length = length;
}

/** Whether a byte stands there by itself. */
function isPair(text: string, at: number): boolean {
	if (hexByte(text, at) === -1) return false;
	return at + 2 >= text.length || text.charCodeAt(at + 2) === SPACE;
}
