// What a character stands for as a digit.

/** The value of a character code as a hex digit, -1 where it is none. */
export const HEX_VALUE = Int8Array.from({ length: 256 }, (_, code) => {
	if (code >= 0x30 && code <= 0x39) return code - 0x30;
	const lower = code | 0x20;
	return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
});

/** The value of a character as a hex digit; -1 where it is none. */
export function hexValueAt(text: string, at: number): number {
	const code = text.charCodeAt(at);
	return code < 256 ? (HEX_VALUE[code] as number) : -1;
}

/** Whether a character belongs to a word or a number, so that no number starts behind it. */
export function isWordCode(code: number): boolean {
	return (
		(code >= 0x30 && code <= 0x39) ||
		(code >= 0x41 && code <= 0x5a) ||
		(code >= 0x61 && code <= 0x7a) ||
		code === 0x5f
	);
}
