// What stands in front of a dump on each of its lines: blanks, marks of quoting, and numbers that count the lines, as
// `grep -n`, `cat -n` and editors write them.

/** Characters in front of a dump that are looked at. */
const MAX_PREFIX = 120;
/** Digits of the number of a line. */
const MAX_DIGITS = 9;

/** Steps over what stands in front of the bytes of a line. */
export class LinePrefix {
	/** Whether the line lacks the number that the lines of the dump have. */
	unnumbered = false;
	#number: LineNumber | undefined;

	/** A dump begins on a line at `at`: a number in front of it is one that grows from line to line. */
	begin(text: string, at: number): void {
		this.#number = lineNumberBefore(text, at);
	}

	/** Where on the line its bytes may begin. */
	endOn(text: string): number {
		const behind = this.#number?.endOn(text) ?? -1;
		this.unnumbered = this.#number !== undefined && behind === -1;
		let at = Math.max(behind, 0);
		while (" \t>|".includes(text[at] ?? "-")) at++;
		return at;
	}
}

/** What stands in front of the first line of a dump, with a number that grows from line to line. */
class LineNumber {
	readonly #before: string;
	readonly #after: string;
	#last: number;

	constructor(before: string, number: number, after: string) {
		this.#before = before.trimStart();
		this.#after = after;
		this.#last = number;
	}

	/** Where the text goes on behind its number; -1 where it has none that is greater than the one before. */
	endOn(text: string): number {
		let at = 0;
		while (text.charCodeAt(at) === 0x20) at++;
		if (!text.startsWith(this.#before, at)) return -1;
		at += this.#before.length;
		let number = 0;
		for (const end = at + MAX_DIGITS; at < end; at++) {
			const digit = text.charCodeAt(at) - 0x30;
			if (!(digit >= 0 && digit <= 9)) break;
			number = 10 * number + digit;
		}
		if (number <= this.#last || !text.startsWith(this.#after, at)) return -1;
		this.#last = number;
		return at + this.#after.length;
	}
}

/** The line number in front of what starts at `at`; undefined where none is. */
function lineNumberBefore(text: string, at: number): LineNumber | undefined {
	if (at > MAX_PREFIX) return undefined;
	const match = /(\d{1,9})([-:|.)\]\t ]{1,12})["'`b$]*$/.exec(
		text.slice(0, at),
	);
	if (match === null) return undefined;
	const [whole, digits = "", after = ""] = match;
	const before = text.slice(0, at - whole.length);
	return new LineNumber(before, Number(digits), after.trimEnd() || after);
}
