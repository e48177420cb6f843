// What programming languages write around an array of bytes, as far as it says something or nothing of the bytes.

/** Characters of a line that are looked at. */
const LOOKED_AT = 200;

/** The length that `xxd -i` gives behind an array; undefined on all other lines. */
export function saidLength(text: string): number | undefined {
	const digits = /_len\s*=\s*(\d{1,15})\s*;/.exec(
		text.slice(0, LOOKED_AT),
	)?.[1];
	return digits === undefined ? undefined : Number(digits);
}

/** Whether a line opens or closes an array or a string, and does nothing else that matters. */
export function isOfDeclaration(text: string): boolean {
	const line = text.slice(-LOOKED_AT).trim();
	return /[[{(=]"*$/.test(line) || /^[\])};,"']+$/.test(line);
}
