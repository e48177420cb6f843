// The bytes of a text with one byte a character, whatever they were before: Windows PowerShell writes what programs print
// as UTF-16. For readers that look at bytes; those that look at lines have `Lines`.

import { type Head, startsAsUtf16 } from "../head.js";

/** Makes such bytes of those that are pushed, cut anywhere. Other texts are handed on as they are. */
export class NarrowText {
	#wide: boolean | undefined;
	/** Bytes that are less than it takes to tell, or than a character. */
	#rest = Buffer.alloc(0);

	push(bytes: Buffer): Buffer {
		if (this.#wide === false) return bytes;
		const all =
			this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
		if (this.#wide === undefined) {
			if (all.length < 4) {
				this.#rest = Buffer.from(all);
				return Buffer.alloc(0);
			}
			this.#wide = startsAsUtf16(all);
			if (!this.#wide) return all;
		}
		const even = all.length - (all.length % 2);
		this.#rest = Buffer.from(all.subarray(even));
		return narrow(all.subarray(0, even));
	}
}

/** The same of the beginning of an input. */
export function narrowHead({ bytes }: Head): Buffer {
	return startsAsUtf16(bytes) ? narrow(bytes) : bytes;
}

function narrow(wide: Buffer): Buffer {
	return Buffer.from(wide.toString("utf16le"), "latin1");
}
