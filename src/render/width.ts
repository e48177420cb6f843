// How many columns of a terminal a text takes, and cutting a text to a number of columns. Texts come here after
// `visible`, so there is nothing in them that moves the cursor; colours are put on afterwards.

/** Columns that a text takes: two for East Asian wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
	if (!WIDE_OR_NOT.test(text)) return text.length;
	let columns = 0;
	for (const character of text) columns += characterWidth(character);
	return columns;
}

/** The text, or as much of it as fits with the count of characters left out: `abc…(+312)`. */
export function cut(text: string, columns: number | undefined): string {
	if (columns === undefined || text.length * 2 <= columns) return text;
	if (textWidth(text) <= columns) return text;
	const characters = Array.from(text);
	let suffix = "";
	let kept = characters.length;
	// The count grows while characters go, and so, now and then, does the room that it takes.
	for (let round = 0; round < 3; round++) {
		kept = prefixLength(characters, columns - suffix.length);
		suffix = `…(+${characters.length - kept})`;
	}
	return suffix.length > columns
		? "…".slice(0, Math.max(columns, 0))
		: characters.slice(0, kept).join("") + suffix;
}

/** The text, or as much of it as fits with an ellipsis. */
export function clip(text: string, columns: number | undefined): string {
	if (columns === undefined || text.length * 2 <= columns) return text;
	if (textWidth(text) <= columns) return text;
	const characters = Array.from(text);
	const kept = prefixLength(characters, columns - 1);
	return characters.slice(0, kept).join("") + "…".slice(0, columns);
}

/** The text filled up with spaces to a number of columns. */
export function padEnd(text: string, columns: number): string {
	const missing = columns - textWidth(text);
	return missing > 0 ? text + " ".repeat(missing) : text;
}

/**
 * The text in lines of at most that many columns, broken where words end or, with `groups`, where groups of words end that
 * stand two spaces apart; one line where `columns` is undefined. Only spaces at the breaks are left out.
 */
export function wrap(
	text: string,
	columns: number | undefined,
	groups = false,
): string[] {
	if (columns === undefined || textWidth(text) <= columns) return [text];
	const room = Math.max(columns, 2);
	const lines: string[] = [];
	const characters = Array.from(text);
	let from = 0;
	while (from < characters.length) {
		// No line has more characters than columns, but for combining marks.
		const rest = characters.slice(from, from + 2 * room + COMBINING_ROOM);
		const fits = Math.max(prefixLength(rest, room), 1);
		if (from + fits >= characters.length) {
			lines.push(rest.slice(0, fits).join(""));
			break;
		}
		const end = breakBefore(rest, fits, groups);
		// Other blanks, such as one that does not break, are characters.
		lines.push(rest.slice(0, end).join("").replace(/ +$/, ""));
		from += end;
		while (characters[from] === " ") from++;
	}
	return lines;
}

/** Combining marks that a line may have besides its characters; with more, it is broken earlier. */
const COMBINING_ROOM = 64;

/** Where to break: with `groups` at the last two spaces behind the first third, else at the last space, else at `fits`. */
function breakBefore(
	characters: readonly string[],
	fits: number,
	groups: boolean,
): number {
	let single = 0;
	for (let at = fits; at > 0; at--) {
		if (characters[at] !== " ") continue;
		if (single === 0) single = at;
		if (!groups) return at;
		if (at > fits / 3 && characters[at - 1] === " ") return at;
	}
	return single > 0 ? single : fits;
}

function prefixLength(characters: readonly string[], columns: number): number {
	let used = 0;
	let length = 0;
	for (const character of characters) {
		used += characterWidth(character);
		if (used > columns) return length;
		length++;
	}
	return length;
}

/** Anything that is not certain to be one column wide. */
const WIDE_OR_NOT = /[^\u0020-\u02ff\u0370-\u0482\u2010-\u2027]/;
const COMBINING = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

/** Ranges that Unicode's East Asian Width calls wide or fullwidth, in outline. */
const WIDE: readonly (readonly [from: number, to: number])[] = [
	[0x1100, 0x115f],
	[0x2e80, 0x303e],
	[0x3041, 0x4dbf],
	[0x4e00, 0xa4cf],
	[0xa960, 0xa97f],
	[0xac00, 0xd7a3],
	[0xf900, 0xfaff],
	[0xfe30, 0xfe6f],
	[0xff01, 0xff60],
	[0xffe0, 0xffe6],
	[0x17000, 0x18cff],
	[0x1b000, 0x1b2ff],
	[0x1f200, 0x1f2ff],
	[0x20000, 0x3fffd],
];

function characterWidth(character: string): number {
	const code = character.codePointAt(0) ?? 0;
	if (code < 0x300) return 1;
	if (COMBINING.test(character)) return 0;
	for (const [from, to] of WIDE) {
		if (code < from) break;
		if (code <= to) return 2;
	}
	return EMOJI.test(character) ? 2 : 1;
}
