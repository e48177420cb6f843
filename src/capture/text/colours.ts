// The colours that programs put on lines for a terminal, and that stay in what was copied or written to a file.

const ESCAPE = String.fromCharCode(0x1b);
/** A terminal's sequence for colours and the like (ECMA-48, section 5.4). */
const SEQUENCE = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Za-z]`, "g");

/** The line without colours: so cheap where there are none that every line can be asked. */
export function withoutColours(text: string): string {
	return text.includes(ESCAPE) ? text.replace(SEQUENCE, "") : text;
}
