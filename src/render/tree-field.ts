// A field of a record as a line of the tree: offset in the direction's stream, raw bytes, what they mean.

import { hexOffset } from "./hex.js";
import { cut, wrap } from "./width.js";
import type { Paint } from "./words.js";

/** A field. */
export interface Field {
	/** Bytes since the start of the direction; undefined where the field starts in an earlier record. */
	readonly offset: number | undefined;
	/** The bytes, all of them that are there. */
	readonly bytes: Buffer;
	/** Name, reconstruction and value, fit to be printed. */
	readonly text: string;
	/** What of the text may be cut to the width of the terminal, fit to be printed; the text itself is broken over lines. */
	readonly value?: string;
}

/** Bytes shown of a field: the longest struct of the specification has eight. */
const SHOWN_BYTES = 8;
/** Columns of the bytes, two digits and a space for each. */
const BYTES_COLUMNS = SHOWN_BYTES * 3 - 1;
/** Columns in front of the text; an offset takes eight in all but the longest streams. */
const TEXT_AT = 8 + 2 + BYTES_COLUMNS + 2;
/** Narrower than this, and the terminal has to break the lines itself. */
const MIN_TEXT_COLUMNS = 20;

/** The line, or lines where the text does not fit the terminal; each with its end. */
export function fieldLines(
	field: Field,
	columns: number | undefined,
	paint: Paint,
): string {
	const room =
		columns === undefined
			? undefined
			: Math.max(columns - TEXT_AT, MIN_TEXT_COLUMNS);
	const offset =
		field.offset === undefined ? "--------" : hexOffset(field.offset);
	const head = `${offset}  ${paint(rawBytes(field.bytes).padEnd(BYTES_COLUMNS))}  `;
	const [first = "", ...more] = wrap(field.text, room, true);
	let text = head + first;
	for (const line of more) text += `\n${" ".repeat(TEXT_AT)}${line}`;
	if (field.value !== undefined) {
		const used = (more.at(-1) ?? first).length;
		const left = room === undefined ? undefined : Math.max(room - used, 0);
		text += cut(field.value, left);
	}
	return `${text.trimEnd()}\n`;
}

/** A byte as two hex digits. */
export function hexByte(byte: number): string {
	return byte.toString(16).padStart(2, "0");
}

/** `all zero`, or where the first byte is that is not. */
export function zeroWords(bytes: Buffer): string {
	const at = bytes.findIndex((byte) => byte !== 0);
	return at === -1
		? "all zero"
		: `not all zero: byte ${at} is 0x${hexByte(bytes[at] ?? 0)}`;
}

/** A two-byte number with both bytes and the sum: `idB1 00  idB0 01  id = 0x00 << 8 | 0x01 = 1`. */
export function twoByteText(name: string, b1: number, b0: number): string {
	return `${name}B1 ${hexByte(b1)}  ${name}B0 ${hexByte(b0)}  ${name} = 0x${hexByte(b1)} << 8 | 0x${hexByte(b0)} = ${(b1 << 8) | b0}`;
}

/** A four-byte number likewise; with `masked`, the top bit of the first byte says that there are four (section 3.4). */
export function fourByteText(
	name: string,
	bytes: Buffer,
	masked: boolean,
): string {
	const [b3 = 0, b2 = 0, b1 = 0, b0 = 0] = bytes;
	const top = masked ? `(0x${hexByte(b3)} & 0x7f)` : `0x${hexByte(b3)}`;
	const value =
		(masked ? b3 & 0x7f : b3) * 0x1000000 + b2 * 0x10000 + b1 * 0x100 + b0;
	return (
		`${name}B3 ${hexByte(b3)}  ${name}B2 ${hexByte(b2)}  ${name}B1 ${hexByte(b1)}  ${name}B0 ${hexByte(b0)}  ` +
		`${name} = ${top} << 24 | 0x${hexByte(b2)} << 16 | 0x${hexByte(b1)} << 8 | 0x${hexByte(b0)} = ${value}`
	);
}

function rawBytes(bytes: Buffer): string {
	const shown = bytes.length > SHOWN_BYTES ? SHOWN_BYTES - 1 : bytes.length;
	let text = "";
	for (let i = 0; i < shown; i++) {
		text += `${i === 0 ? "" : " "}${hexByte(bytes[i] ?? 0)}`;
	}
	return bytes.length > SHOWN_BYTES ? `${text} ..` : text;
}
