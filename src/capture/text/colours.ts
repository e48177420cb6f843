// The colours that programs put on lines for a terminal, and that stay in what was copied or written to a file.

/** A terminal's sequence for colours and the like (ECMA-48, section 5.4). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they start with.
const SEQUENCE = /\x1b\[[0-9;]*[A-Za-z]/g;

/** The line without colours: so cheap where there are none that every line can be asked. */
export function withoutColours(text: string): string {
	return text.includes("\x1b") ? text.replace(SEQUENCE, "") : text;
}
