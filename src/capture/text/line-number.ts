// Numbers that count the lines of a text in front of a dump, as `grep -n`, `cat -n` and editors write them.

/** Characters in front of a dump that are looked at. */
const MAX_PREFIX = 120;

/** What stands in front of the first line of a dump, with a number that counts on. */
export class LineNumber {
	readonly #before: string;
	readonly #after: string;
	/** The number less the line's. */
	readonly #ahead: number;

	constructor(before: string, number: number, after: string, line: number) {
		this.#before = before.trimStart();
		this.#after = after;
		this.#ahead = number - line;
	}

	/** Where the text goes on behind its number, if it has the one that it should have; -1 otherwise. */
	endOn(text: string, line: number): number {
		const expected = `${this.#before}${this.#ahead + line}${this.#after}`;
		let at = 0;
		while (text.charCodeAt(at) === 0x20) at++;
		return text.startsWith(expected, at) ? at + expected.length : -1;
	}
}

/** The line number in front of what starts at `at`; undefined where none is. */
export function lineNumberBefore(
	text: string,
	at: number,
	line: number,
): LineNumber | undefined {
	if (at > MAX_PREFIX) return undefined;
	const match = /(\d{1,9})([-:|.)\]\t ]{1,3})$/.exec(text.slice(0, at));
	if (match === null) return undefined;
	const [whole, digits = "", after = ""] = match;
	const before = text.slice(0, at - whole.length);
	return new LineNumber(before, Number(digits), after, line);
}
