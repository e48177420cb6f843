// Where words and numbers end: numbers of a dump stand between characters that belong to neither.

/** Whether a character belongs to a word or a number, so that no number starts behind it. */
export function isWordCode(code: number): boolean {
	return (
		(code >= 0x30 && code <= 0x39) ||
		(code >= 0x41 && code <= 0x5a) ||
		(code >= 0x61 && code <= 0x7a) ||
		code === 0x5f
	);
}
