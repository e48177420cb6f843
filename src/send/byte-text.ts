// Text with one character for each byte. What comes out of a percent-encoded path has bytes that need not be UTF-8, and
// still has to be searched and put together like text; so all that is made into CGI variables is in this form meanwhile.

import type { Param } from "./param.js";

/** Typed text as its UTF-8 bytes, one character each. */
export function byteText(text: string): string {
	return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** A variable of two byte texts as a parameter. */
export function paramOfByteTexts(name: string, value: string): Param {
	return [name, isAscii(value) ? value : Buffer.from(value, "latin1")];
}

function isAscii(text: string): boolean {
	return !/[^\0-\x7f]/.test(text);
}
