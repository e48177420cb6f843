// Characters of a text in the notation into words, numbers and strings, and the one way to say what is wrong with it.
// It knows the spelling of things, not what may follow what.

import { FcgiInspectError } from "../errors.js";
import { C_ESCAPES } from "./c-escapes.js";

/** How a record type is asked for. */
export const RECORD_TYPE =
	"a record type (a name such as FCGI_STDIN or a number from 0 to 255)";

/** A place in the text, the whole of it before that left behind. Mistakes are FcgiInspectErrors with code `notation`. */
export class NotationScanner {
	readonly #text: string;
	#at = 0;
	/** A place whose line is known, so that lines are not counted from the start each time. */
	#knownAt = 0;
	#knownLine = 1;
	/** Where the blanks passed last begin and end. */
	#blanksFrom = 0;
	#blanksTo = 0;

	/** Starts at a place, whose line is the first. */
	constructor(text: string, at = 0) {
		this.#text = text;
		this.#at = this.#knownAt = at;
	}

	/** The place of the next character, to be given to `fail`. */
	get at(): number {
		return this.#at;
	}

	/** Line of the next character, from 1. */
	get line(): number {
		this.#knownLine = this.#lineOf(this.#at);
		this.#knownAt = this.#at;
		return this.#knownLine;
	}

	/** Whether nothing is left. */
	get ended(): boolean {
		return this.#at >= this.#text.length;
	}

	/** Whether nothing is left on this line. */
	get lineEnded(): boolean {
		return this.ended || this.next === "\n";
	}

	/** The next character, empty at the end of the text. */
	get next(): string {
		return this.#text.charAt(this.#at);
	}

	/** Passes blanks, comments and, unless told not to, line ends. */
	skipBlanks(lines: "acrossLines" | "onThisLine" = "acrossLines"): void {
		const from = this.#at;
		const blanks = lines === "acrossLines" ? BLANKS : BLANKS_ON_LINE;
		while (this.match(blanks) !== undefined);
		if (this.#at === from) return;
		this.#blanksFrom = from;
		this.#blanksTo = this.#at;
	}

	/** Passes `char` if it is the next character after blanks, and says so. */
	accept(char: string): boolean {
		this.skipBlanks();
		if (this.next !== char) return false;
		this.#at++;
		return true;
	}

	/** Passes `char`, or fails, saying that `expected` was. */
	expect(char: string, expected: string): void {
		if (this.accept(char)) return;
		// What is missing at the end of a line is not to be looked for on the next.
		const from = this.#blanksTo === this.#at ? this.#blanksFrom : this.#at;
		const newLine = this.#text.slice(from, this.#at).includes("\n");
		this.fail(expected, newLine ? from : this.#at);
	}

	/** A word (letters, digits, `_`, `-`, `.`, not starting with a digit), undefined where none starts. */
	word(): string | undefined {
		return this.match(WORD);
	}

	/** A decimal or, with 0x, hexadecimal number from 0 to `most`; `what` tells it in a failure. */
	number(what: string, most: number): number {
		this.skipBlanks();
		const start = this.#at;
		const digits = this.match(NUMBER);
		const value = Number(digits);
		return value <= most ? value : this.fail(what, start);
	}

	/** A name of a table or a number from 0 to `most`; `what` tells both in a failure. */
	nameOrNumber(
		what: string,
		names: readonly { readonly name: string; readonly number: number }[],
		most: number,
	): number {
		this.skipBlanks();
		const start = this.#at;
		const word = this.word();
		if (word === undefined) return this.number(what, most);
		const row = names.find(({ name }) => name === word);
		return row?.number ?? this.fail(what, start);
	}

	/** What matches a sticky expression here, undefined where it does not. */
	match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#at;
		const matched = pattern.exec(this.#text)?.[0];
		if (matched !== undefined) this.#at += matched.length;
		return matched;
	}

	/** A string in double quotes, C escapes resolved, as bytes; characters beyond ASCII are UTF-8. */
	string(): Buffer {
		this.#at++;
		const pieces: Buffer[] = [];
		for (;;) {
			const plain = this.match(PLAIN);
			if (plain !== undefined) pieces.push(Buffer.from(plain));
			if (this.next === '"') break;
			if (this.next !== "\\") this.fail("the string's closing quote");
			pieces.push(Buffer.of(this.#escape()));
		}
		this.#at++;
		return Buffer.concat(pieces);
	}

	/** Throws: what was expected at `at`, by default the next character, and what stands there. */
	fail(expected: string, at = this.#at): never {
		const end = this.#text.indexOf("\n", at);
		const rest = this.#text.slice(at, end === -1 ? undefined : end);
		this.refuse(`expected ${expected}, found ${found(rest)}`, at);
	}

	/** Throws: what is wrong, with line and column in front, and below the line, and a caret under the place. */
	refuse(what: string, at: number): never {
		const lineStart = this.#text.lastIndexOf("\n", at - 1) + 1;
		const lineEnd = this.#text.indexOf("\n", at);
		const end = lineEnd === -1 ? this.#text.length : lineEnd;
		const line = this.#text.slice(lineStart, end);
		const column = at - lineStart;
		throw new FcgiInspectError(
			"notation",
			`line ${this.#lineOf(at)}, column ${column + 1}: ${what}\n${excerpt(line, column)}`,
		);
	}

	#escape(): number {
		const start = this.#at;
		const spelled = this.match(ESCAPE);
		if (spelled === undefined) return this.fail(ESCAPE_EXPECTED, start);
		const named = NAMED_ESCAPES[spelled.charAt(1)];
		if (named !== undefined) return named;
		const value =
			spelled.charAt(1) === "x"
				? Number.parseInt(spelled.slice(2), 16)
				: Number.parseInt(spelled.slice(1), 8);
		return value <= 0xff ? value : this.fail(ESCAPE_EXPECTED, start);
	}

	#lineOf(at: number): number {
		let line = at < this.#knownAt ? 1 : this.#knownLine;
		let end = at < this.#knownAt ? 0 : this.#knownAt;
		for (;;) {
			end = this.#text.indexOf("\n", end) + 1;
			if (end === 0 || end > at) return line;
			line++;
		}
	}
}

// No repeated groups: the engine would remember each turn, and long texts would exhaust its stack.
const BLANKS = /[ \t\r\n]+|#[^\n]*/y;
const BLANKS_ON_LINE = /[ \t\r]+|#[^\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_.-]*/y;
/** No leading zeros: in C they would mean octal. */
const NUMBER = /(?:0x[0-9A-Fa-f]+|0|[1-9][0-9]*)(?![0-9A-Za-z_])/y;
const PLAIN = /[^"\\\n]+/y;
const ESCAPE = /\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{2}|[abfnrtv"'?\\])/y;
const ESCAPE_EXPECTED = "an escape of C up to \\377 or \\xff";

const NAMED_ESCAPES: Readonly<Record<string, number>> = {
	...C_ESCAPES,
	'"': 34,
	"'": 39,
	"?": 63,
	"\\": 92,
};

/** What stands at the start of the rest of a line, for a message: the word or the character. */
function found(rest: string): string {
	if (/^\s*(?:#|$)/.test(rest)) return "the end of the line";
	if (/^\p{Cc}/u.test(rest)) return `control character ${rest.charCodeAt(0)}`;
	const word = /^(?:[A-Za-z0-9_.-]+|\\?.)/u.exec(rest)?.[0] ?? "";
	return printable(word.length > 40 ? `${word.slice(0, 40)}...` : word);
}

/** Characters of a line that are shown at most: they fit a terminal of 80 columns, indented. */
const EXCERPT_WIDTH = 76;

/** The line, or what surrounds the column of a long one, with a caret under the column. */
function excerpt(line: string, column: number): string {
	const from =
		line.length <= EXCERPT_WIDTH ? 0 : Math.max(0, column - EXCERPT_WIDTH / 2);
	const shown = printable(line.slice(from, from + EXCERPT_WIDTH)).trimEnd();
	return `  ${shown}\n  ${" ".repeat(column - from)}^`;
}

/** One character a column: control characters become blanks, so that none of them reaches a terminal. */
function printable(text: string): string {
	return text.replace(/\p{Cc}/gu, " ");
}
