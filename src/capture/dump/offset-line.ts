// Where on a line of text the offset of a dump stands: behind indentation, marks of quoting, the name of a file or a line
// number, as `grep -n`, mails and editors put them in front.

import { HEX_VALUE } from "../text/hex-digits.js";
import type { OffsetForm } from "./offset-forms.js";
import { isWordCode } from "./word-code.js";

/** Characters in front of an offset, at most: a file name and a line number. */
const MAX_PREFIX = 80;
/** Digits that an offset has at most. */
const MAX_DIGITS = 16;

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** An offset on a line. */
export interface OffsetPlace {
	/** Where its first digit stands. */
	readonly start: number;
	/** Behind its last digit. */
	readonly end: number;
	/** Where the bytes may start; the end of the line, where nothing follows the offset. */
	readonly dataAt: number;
}

/** The places where an offset of this form may stand, from `from` on, first one first. */
export function findOffset(
	text: string,
	form: OffsetForm,
	from = 0,
): OffsetPlace | undefined {
	const last = Math.min(text.length - form.minDigits, MAX_PREFIX);
	for (let at = from; at <= last; at++) {
		if (!((HEX_VALUE[text.charCodeAt(at)] as number) >= 0)) continue;
		if (at > 0 && isWordCode(text.charCodeAt(at - 1))) continue;
		const place = offsetAt(text, at, form);
		if (place !== undefined) return place;
	}
	return undefined;
}

/** The offset that starts at `at`. */
export function offsetAt(
	text: string,
	at: number,
	form: OffsetForm,
): OffsetPlace | undefined {
	let end = at;
	while ((HEX_VALUE[text.charCodeAt(end)] as number) >= 0) end++;
	if (end - at < form.minDigits || end - at > MAX_DIGITS) return undefined;
	let dataAt = end;
	if (form.colon) {
		if (text.charCodeAt(end) !== COLON) return undefined;
		dataAt++;
	}
	const code = text.charCodeAt(dataAt);
	if (dataAt < text.length && code !== SPACE && code !== TAB) return undefined;
	return { start: at, end, dataAt };
}

/** The number that an offset is in this radix; -1 where its digits are not of it. */
export function offsetValue(
	text: string,
	{ start, end }: OffsetPlace,
	radix: number,
): number {
	let value = 0;
	for (let at = start; at < end; at++) {
		const digit = HEX_VALUE[text.charCodeAt(at)] as number;
		if (digit >= radix) return -1;
		value = value * radix + digit;
	}
	return value <= Number.MAX_SAFE_INTEGER ? value : -1;
}
