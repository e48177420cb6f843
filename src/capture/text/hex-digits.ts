// Hex digits, by character: the value of each, and of runs of them.

/** The value of a character code below 256 as a hex digit, -1 where it is none; for loops that look at every character. */
export const HEX_VALUE = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
	HEX_VALUE[value.toString(16).charCodeAt(0)] = value;
	HEX_VALUE[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** The value of a hex digit, given by its character code; -1 where it is none (or there is no character). */
export function hexDigit(code: number): number {
	return code < 256 ? (HEX_VALUE[code] as number) : -1;
}

/** The value of the hex digit at `at`; -1 where it is none. */
export function hexDigitAt(text: string, at: number): number {
	const code = text.charCodeAt(at);
	return code < 256 ? (HEX_VALUE[code] as number) : -1;
}

/** The byte that two digits at `at` make; -1 where they are not two. */
export function hexByte(text: string, at: number): number {
	const high = hexDigit(text.charCodeAt(at));
	const low = hexDigit(text.charCodeAt(at + 1));
	return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/** How many hex digits follow each other from `at` on, up to `most`. */
export function hexRun(text: string, at: number, most: number): number {
	let count = 0;
	while (count < most && hexDigit(text.charCodeAt(at + count)) >= 0) count++;
	return count;
}

/** The number that `count` digits at `at` make. */
export function hexNumber(text: string, at: number, count: number): number {
	let value = 0;
	for (let i = 0; i < count; i++) {
		value = value * 16 + hexDigit(text.charCodeAt(at + i));
	}
	return value;
}
