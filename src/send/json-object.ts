// A JSON object of names to texts into parameters (RFC 8259), with the line of each. Comments and commas in front of a
// closing brace are taken too, as people write such files by hand. What is nested is refused with its path; a repeated
// name is kept, because a peer that sends one twice is what somebody may want to be.

import type { PlacedParam, Refuse } from "./placed-param.js";

/** The entries of the object, in order. A number, true and false stand for the text that is written. */
export function readJsonObject(
	text: string,
	refuse: Refuse,
): readonly PlacedParam[] {
	return new Reader(text, refuse).object();
}

const ESCAPES: Readonly<Record<string, string>> = {
	'"': '"',
	"\\": "\\",
	"/": "/",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
};

const GAP = /[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /[A-Za-z_$][\w$]*/y;
/** A run of a text that needs no second look. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in texts
const PLAIN = /[^"\\\u0000-\u001f]*/y;

class Reader {
	readonly #text: string;
	readonly #refuse: Refuse;
	#at = 0;
	/** Lines are counted as far as they were asked for, so that a long file is gone through once. */
	#counted = { at: 0, line: 1 };

	constructor(text: string, refuse: Refuse) {
		this.#text = text;
		this.#refuse = refuse;
	}

	object(): readonly PlacedParam[] {
		this.#gap();
		if (this.#text[this.#at] !== "{") {
			this.#fail(
				`this is ${this.#kind()}; wanted is an object of names to texts, {"NAME": "value"}`,
			);
		}
		this.#at++;
		const entries: PlacedParam[] = [];
		for (;;) {
			this.#gap();
			if (this.#take("}")) break;
			if (this.#text[this.#at] !== '"') {
				this.#fail(`expected a name in quotes or }, found ${this.#found()}`);
			}
			const line = this.#line();
			const name = this.#string();
			this.#gap();
			if (!this.#take(":")) {
				this.#fail(
					`expected : behind ${JSON.stringify(name)}, found ${this.#found()}`,
				);
			}
			this.#gap();
			entries.push({ param: [name, this.#value(name)], line });
			this.#gap();
			if (this.#take(",")) continue;
			if (this.#take("}")) break;
			this.#fail(`expected , or }, found ${this.#found()}`);
		}
		this.#gap();
		if (this.#at < this.#text.length) {
			this.#fail(`expected the end, found ${this.#found()}`);
		}
		return entries;
	}

	#value(name: string): string {
		const path = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
		switch (this.#text[this.#at]) {
			case '"':
				return this.#string();
			case "{":
			case "[":
				return this.#fail(
					`${path} is ${this.#kind()}${this.#inside(path)}; a parameter is a text`,
				);
		}
		const number = this.#match(NUMBER);
		if (number !== "") return number;
		const word = this.#match(WORD);
		if (word === "true" || word === "false") return word;
		this.#at -= word.length;
		if (word === "null") {
			this.#fail(`${path} is null; a parameter is a text, and "" an empty one`);
		}
		return this.#fail(
			`${path} is no text, number, true or false: found ${this.#found()}`,
		);
	}

	/** The first thing in an object or array, as its path. */
	#inside(path: string): string {
		if (this.#text[this.#at++] === "[") return ` (${path}[0])`;
		this.#gap();
		if (this.#text[this.#at] !== '"') return "";
		return ` (${path}.${this.#string()})`;
	}

	#string(): string {
		const line = this.#line();
		this.#at++;
		let value = "";
		for (;;) {
			value += this.#match(PLAIN);
			const next = this.#text[this.#at];
			if (next === '"') break;
			if (next === "\\") {
				value += this.#escape();
			} else if (next === undefined || next === "\n" || next === "\r") {
				this.#refuse(line, "a text without its closing quote");
			} else {
				this.#fail(
					`a control character in a text is written as \\u${next.charCodeAt(0).toString(16).padStart(4, "0")}`,
				);
			}
		}
		this.#at++;
		// Half a pair has no UTF-8, and would be replaced without a word.
		if (/\p{Surrogate}/u.test(value)) {
			this.#refuse(line, "\\ud800 to \\udfff stand in pairs only");
		}
		return value;
	}

	#escape(): string {
		const letter = this.#text[this.#at + 1] ?? "";
		const plain = ESCAPES[letter];
		if (plain !== undefined) {
			this.#at += 2;
			return plain;
		}
		const hex = this.#text.slice(this.#at + 2, this.#at + 6);
		if (letter !== "u" || !/^[\da-fA-F]{4}$/.test(hex)) {
			this.#fail(`\\${letter} is no escape of JSON; write \\\\ for a \\`);
		}
		this.#at += 6;
		return String.fromCharCode(Number.parseInt(hex, 16));
	}

	#gap(): void {
		while (this.#match(GAP) !== "");
		if (this.#text.startsWith("/*", this.#at)) {
			this.#fail("a comment without its */");
		}
	}

	#take(character: string): boolean {
		if (this.#text[this.#at] !== character) return false;
		this.#at++;
		return true;
	}

	#match(pattern: RegExp): string {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0] ?? "";
		this.#at += found.length;
		return found;
	}

	#kind(): string {
		const first = this.#text[this.#at];
		if (first === "[") return "an array";
		if (first === "{") return "an object";
		return first === '"' ? "a text" : this.#found();
	}

	#found(): string {
		const rest = this.#text.slice(this.#at, this.#at + 20);
		if (rest === "") return "the end of the file";
		return JSON.stringify(/^\w+|^[\s\S]/.exec(rest)?.[0]);
	}

	#line(): number {
		let { at, line } = this.#counted;
		for (; at < this.#at; at++) if (this.#text[at] === "\n") line++;
		this.#counted = { at, line };
		return line;
	}

	#fail(message: string): never {
		return this.#refuse(this.#line(), message);
	}
}
