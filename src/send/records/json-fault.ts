// Where a text that JSON.parse refuses stops being JSON (RFC 8259), with the path of the field, which engines do not tell.
// It goes through the text without recursion.

/** What is wrong. */
export interface JsonFault {
	/** The place in the text. */
	readonly at: number;
	/** What was expected there, and what was found. */
	readonly message: string;
}

/** Brackets within one another; records have four. More are a fault, so that deep ones do not fill memory. */
export const MAX_DEPTH = 64;

/** The first fault of a text that is no JSON, or too deep. */
export function jsonFault(text: string): JsonFault {
	return new FaultFinder(text).find();
}

/** An object or array that is not closed yet: the name or the number of the field under way. */
interface Open {
	readonly closer: "}" | "]";
	field: string | number;
}

type Step = (finder: FaultFinder) => void;

const BLANKS = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in texts
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
/** Characters of a path that are shown: those at its end. */
const PATH_SHOWN = 100;

class FaultFinder {
	readonly #text: string;
	#at = 0;
	readonly #open: Open[] = [];
	#next: Step = (finder) => finder.#value();
	#fault: JsonFault | undefined;

	constructor(text: string) {
		this.#text = text;
	}

	find(): JsonFault {
		while (this.#fault === undefined) {
			this.#match(BLANKS);
			this.#next(this);
		}
		return this.#fault;
	}

	#value(): void {
		const first = this.#text[this.#at];
		if (first === "{" || first === "[") {
			if (this.#open.length === MAX_DEPTH) {
				this.#fail(`no more than ${MAX_DEPTH} brackets within one another`);
				return;
			}
			this.#at++;
			if (first === "{") {
				this.#open.push({ closer: "}", field: "" });
				this.#next = (finder) => finder.#closed() || finder.#name();
			} else {
				this.#open.push({ closer: "]", field: 0 });
				this.#next = (finder) => finder.#closed() || finder.#value();
			}
			return;
		}
		const whole =
			first === '"'
				? this.#string()
				: this.#match(NUMBER) || this.#match(WORD) || this.#fail("a value");
		if (whole) this.#next = (finder) => finder.#behindValue();
	}

	#name(): void {
		const start = this.#at;
		if (this.#text[start] !== '"') {
			this.#fail("a name in quotes");
			return;
		}
		if (!this.#string()) return;
		const name: string = JSON.parse(this.#text.slice(start, this.#at));
		const open = this.#open.at(-1);
		if (open !== undefined) open.field = name;
		this.#next = (finder) => finder.#colon();
	}

	#colon(): void {
		if (!this.#take(":")) {
			this.#fail(":");
			return;
		}
		this.#next = (finder) => finder.#value();
	}

	#behindValue(): void {
		const open = this.#open.at(-1);
		if (open === undefined) {
			this.#fail("the end");
		} else if (this.#take(",")) {
			if (typeof open.field === "number") {
				open.field++;
				this.#next = (finder) => finder.#value();
			} else {
				open.field = "";
				this.#next = (finder) => finder.#name();
			}
		} else if (!this.#closed()) this.#fail(`, or ${open.closer}`);
	}

	/** Passes the end of the object or array. */
	#closed(): boolean {
		const open = this.#open.at(-1);
		if (open === undefined || !this.#take(open.closer)) return false;
		this.#open.pop();
		this.#next = (finder) => finder.#behindValue();
		return true;
	}

	#string(): boolean {
		this.#at++;
		while (this.#match(PLAIN) || this.#match(ESCAPE));
		if (this.#take('"')) return true;
		const escapes = this.#text[this.#at] === "\\";
		return this.#fail(escapes ? "an escape of JSON" : "the closing quote");
	}

	#take(character: string): boolean {
		if (this.#text[this.#at] !== character) return false;
		this.#at++;
		return true;
	}

	#match(pattern: RegExp): boolean {
		pattern.lastIndex = this.#at;
		const length = pattern.exec(this.#text)?.[0].length ?? 0;
		this.#at += length;
		return length > 0;
	}

	#fail(expected: string): false {
		const path = this.#path();
		const rest = this.#text.slice(this.#at, this.#at + 24);
		const found =
			rest === ""
				? "the end: it is cut off"
				: JSON.stringify(/^\\?\w+|^\\?[\s\S]/u.exec(rest)?.[0]);
		this.#fault = {
			at: this.#at,
			message: `${path === "" ? "" : `${path}: `}expected ${expected}, found ${found}`,
		};
		return false;
	}

	#path(): string {
		let path = "";
		// From the inside out, and no further than is shown.
		for (let i = this.#open.length - 1; i >= 0; i--) {
			const field = this.#open[i]?.field ?? "";
			if (typeof field === "number") path = `[${field}]${path}`;
			else if (field !== "") path = `.${field}${path}`;
			if (path.length > PATH_SHOWN) return `...${path.slice(-PATH_SHOWN)}`;
		}
		return path.replace(/^\./, "");
	}
}
