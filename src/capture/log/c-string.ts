// A string as strace prints it, with the escapes of C, into its bytes: `\1`, `\001`, `\x01`, `\n`. It may be cut by the
// option -s, which dots behind the closing quote tell.

import { C_ESCAPES } from "../../fastcgi/c-escapes.js";
import { hexDigitAt } from "../text/hex-digits.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The bytes of a string. */
export interface CString {
	/** Where the text goes on behind the quote, or behind the dots. */
	readonly end: number;
	/** A view that lasts until the next string is read. */
	readonly bytes: Buffer;
	/** Whether there was more of it. */
	readonly cut: boolean;
}

let room = Buffer.alloc(4096);

/** Reads the string whose opening quote is at `at`; one without a closing quote goes to the end of the text, and is cut. */
export function readCString(text: string, at: number): CString {
	if (room.length < text.length) room = Buffer.alloc(2 * text.length);
	const bytes = room;
	let length = 0;
	let from = at + 1;
	for (;;) {
		const code = text.charCodeAt(from);
		if (code === QUOTE) break;
		if (Number.isNaN(code)) {
			return { end: from, bytes: bytes.subarray(0, length), cut: true };
		}
		from++;
		if (code !== BACKSLASH) {
			bytes[length++] = code;
			continue;
		}
		const next = text.charCodeAt(from);
		if (next >= 0x30 && next <= 0x37) {
			let value = 0;
			const end = from + 3;
			for (; from < end; from++) {
				const digit = text.charCodeAt(from) - 0x30;
				if (!(digit >= 0 && digit <= 7)) break;
				value = value * 8 + digit;
			}
			bytes[length++] = value;
		} else if (next === 0x78) {
			let value = 0;
			const end = from + 3;
			for (from++; from < end; from++) {
				const digit = hexDigitAt(text, from);
				if (digit < 0) break;
				value = value * 16 + digit;
			}
			bytes[length++] = value;
		} else if (!Number.isNaN(next)) {
			bytes[length++] = C_ESCAPES[text[from] as string] ?? next;
			from++;
		}
	}
	const cut = text.startsWith("...", from + 1);
	return {
		end: from + (cut ? 4 : 1),
		bytes: bytes.subarray(0, length),
		cut,
	};
}
