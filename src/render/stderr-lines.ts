// The text of one request's STDERR as lines, each record's at once: who waits for an error message should not have to wait
// for its newline. Only the start of a character that goes on in the next record is held back.

import { type LineStyle, wrapped } from "./remark.js";
import { wholeCharacters } from "./whole-characters.js";
import { visibleBytes } from "./words.js";

/** The lines of one request's STDERR. */
export class StderrLines {
	#held: Buffer | undefined;

	/** Adds the lines of the next record's content. */
	push(content: Buffer, lines: string[], style: LineStyle): void {
		const bytes =
			this.#held === undefined ? content : Buffer.concat([this.#held, content]);
		const whole = wholeCharacters(bytes);
		this.#held =
			whole === bytes.length ? undefined : Buffer.from(bytes.subarray(whole));
		addLines(bytes.subarray(0, whole), lines, style);
	}

	/** Adds what was held back, if no more follows. */
	end(lines: string[], style: LineStyle): void {
		if (this.#held !== undefined) addLines(this.#held, lines, style);
	}
}

function addLines(bytes: Buffer, lines: string[], style: LineStyle): void {
	const { colors } = style;
	const mark = `${colors.fromApplication("<")} ${colors.error("!")} `;
	let from = 0;
	while (from < bytes.length) {
		const newline = bytes.indexOf(0x0a, from);
		let to = newline === -1 ? bytes.length : newline;
		const next = newline === -1 ? bytes.length : newline + 1;
		if (to > from && bytes[to - 1] === 0x0d) to--;
		const line = visibleBytes(bytes.subarray(from, to));
		for (const part of wrapped(mark, 4, line, style)) lines.push(part);
		from = next;
	}
}
