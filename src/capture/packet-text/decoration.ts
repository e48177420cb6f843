// What people and terminals put around the lines of a dump: mail quoting, line numbers. It knows nothing of the dumps
// themselves.

const SPACE = 0x20;
const TAB = 0x09;
const GREATER = 0x3e;
const BAR = 0x7c;

/** Where the line starts behind mail quoting (`> `, `> > `, `  | `), its own indentation left. */
export function behindQuoting(text: string): number {
	let at = 0;
	for (;;) {
		const mark = behindBlanks(text, at);
		const character = text.charCodeAt(mark);
		if (character !== GREATER && character !== BAR) return at;
		at = mark + 1;
		if (text.charCodeAt(at) === SPACE) at++;
	}
}

/** Where the first character that is no blank stands, from `at` on. */
export function behindBlanks(text: string, at: number): number {
	let to = at;
	for (;;) {
		const character = text.charCodeAt(to);
		if (character !== SPACE && character !== TAB) return to;
		to++;
	}
}

/**
 * Where the line starts behind a line number, as `cat -n`, `nl`, `grep -n`, editors and pagers put it in front: the
 * blanks of the number's own column are passed, and one separator behind it. -1 where there is none.
 */
export function behindLineNumber(text: string, at: number): number {
	const from = behindBlanks(text, at);
	let to = from;
	while (isDecimal(text.charCodeAt(to))) to++;
	if (to === from) return -1;
	switch (text.charCodeAt(to)) {
		case 0x3a: // :
		case 0x2e: // .
		case 0x29: // )
		case BAR:
			return text.charCodeAt(to + 1) === SPACE ? to + 2 : to + 1;
		case SPACE:
		case TAB:
			return to + 1;
		default:
			return -1;
	}
}

/** Whether a line has nothing but blanks from `at` on. */
export function isBlank(text: string, at: number): boolean {
	const from = behindBlanks(text, at);
	return from >= text.length;
}

/** Columns between two places: a tab goes on to the next multiple of eight, as on a terminal. */
export function indentOf(text: string, from: number, to: number): number {
	let columns = 0;
	for (let at = from; at < to; at++) {
		columns += text.charCodeAt(at) === SPACE ? 1 : 8 - (columns % 8);
	}
	return columns;
}

function isDecimal(character: number): boolean {
	return character >= 0x30 && character <= 0x39;
}
