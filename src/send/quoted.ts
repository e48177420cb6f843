// Text that was typed, as it stands in a message: one line, without what a terminal would obey, and no longer than needed.

/** Characters of a text that are shown. */
const SHOWN = 100;

/** The text in quotes. */
export function quoted(text: string): string {
	const plain = onOneLine(text);
	return plain.length <= SHOWN ? `'${plain}'` : `'${plain.slice(0, SHOWN)}...'`;
}

/** A message without control characters, line ends, and characters that turn the direction of writing. */
export function onOneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "?");
}
