// Finds secrets in running text, such as STDERR, line by line: `password=...`, `token: ...`, `[password] => ...`,
// `"password":"..."`. It is no parser of anything: it looks for a secret's name, what may close a name, a separator, and covers
// the quoted text or the word that follows; behind `=>` and `: `, and of cookies and credentials, all to the end of the line. So it
// does with the passwords of addresses, and with quoted arguments of functions that log in.

import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import type { Scanner } from "./scanner.js";
import { UserInfo } from "./user-info.js";

const AMPERSAND = 0x26;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const DOUBLE_QUOTE = 0x22;
const EQUALS = 0x3d;
const CLOSE_PARENTHESIS = 0x29;
const GREATER = 0x3e;
const NEWLINE = 0x0a;
const OPEN_PARENTHESIS = 0x28;
const QUOTE = 0x27;
const SEMICOLON = 0x3b;
const SLASH = 0x2f;
const SPACE = 0x20;

/**
 * `between` is behind a name; `before` a value, behind the separator, and `serialized` one whose type and length come first
 * (`s:3:"abc"`). A `phrase` ends with its line, or the quoted text that it is in. An `argument` ends with a quote that something
 * follows which parts values: PHP escapes none in its traces.
 */
type State =
	| "name"
	| "between"
	| "before"
	| "serialized"
	| "authority"
	| "word"
	| "quoted"
	| "phrase"
	| "line"
	| "argument"
	| "argumentEnd";

/** Functions whose quoted arguments are secrets, or stand beside one: `PDO->__construct('mysql:host=db', 'root', '...')`. */
const LOGS_IN =
	/(construct|connect|login|auth|authenticate|bind|passw[a-z_]*)$/i;

/** `Access denied for user 'a' (using password: YES)` is what MySQL says, and no password. */
const USING = Buffer.from("using");

/** The scanner of text. */
export class TextScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #name = new NameBytes();
	#state: State = "name";
	/** Whether a quote or `]` has closed the name: so it is one, and no word of a sentence. */
	#named = false;
	/** Whether a value goes on to the end of its line, unless it is quoted. */
	#toLineEnd = false;
	/** Whether a value may have several words, unless it is quoted. */
	#phrase = false;
	/** Whether the separator is `=>`, behind which a value may stand on the next line. */
	#arrow = false;
	#quote = 0;
	#escaped = false;
	/** How many parentheses are open since that of a function that logs in. */
	#inCall = 0;
	/** How much of `://` was seen. */
	#slashes = 0;
	readonly #userInfo = new UserInfo();
	/** Whether the word in front of the name was `using`. */
	#using = false;

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	/** Begins another text. */
	start(): void {
		this.#inCall = 0;
		this.#slashes = 0;
		this.#startName();
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			switch (this.#state) {
				case "name":
				case "between":
					this.#read(byte);
					break;
				case "before":
					if (this.#begins(byte)) mask.cover(at, at + 1);
					break;
				case "serialized":
					this.#readSerialized(byte);
					break;
				case "authority": {
					const part = this.#userInfo.push(byte);
					if (part === "covered") mask.cover(at, at + 1);
					else if (part === "behind") {
						this.#startName();
						this.#read(byte);
					}
					break;
				}
				default:
					if (this.#ends(byte)) {
						if (byte === NEWLINE) this.#inCall = 0;
						this.#startName();
						if (byte === CLOSE_PARENTHESIS) this.#read(byte);
					} else if (this.#state === "argumentEnd") break;
					else if (byte !== 0x0d) mask.cover(at, at + 1);
			}
		}
	}

	/** What follows may be the rest of a secret. */
	lose(): void {
		this.#slashes = 0;
		this.#state = "line";
	}

	#startName(): void {
		this.#state = "name";
		this.#named = false;
		this.#using = false;
		this.#name.clear();
	}

	/** Reads a byte in front of a separator. */
	#read(byte: number): void {
		if (isNameByte(byte)) {
			if (this.#state === "between") {
				const using = this.#name.equals(USING);
				this.#startName();
				this.#using = using;
			}
			this.#slashes = 0;
			this.#name.add(byte);
		} else if (this.#slashes > 0 && (byte === SLASH || byte === BACKSLASH)) {
			if (byte === SLASH && ++this.#slashes === 3) this.#startAuthority();
		} else if (this.#inCall > 0 && this.#readCall(byte)) return;
		else if (byte === OPEN_PARENTHESIS) this.#openCall();
		else if (this.#name.length === 0) this.#slashes = byte === COLON ? 1 : 0;
		else if (byte === SEMICOLON && this.#named) this.#separate(byte);
		else if (byte === EQUALS || byte === COLON) this.#separate(byte);
		else if (closesName(byte)) {
			this.#state = "between";
			this.#named ||= byte > SPACE;
		} else this.#startName();
	}

	#startAuthority(): void {
		this.#slashes = 0;
		this.#userInfo.start();
		this.#state = "authority";
	}

	#openCall(): void {
		const calls = this.#state === "name" && LOGS_IN.test(`${this.#name}`);
		if (calls || this.#inCall > 0) this.#inCall++;
		this.#slashes = 0;
		this.#startName();
	}

	/** Reads a byte between the arguments of a function that logs in; false if it is to be read like others. */
	#readCall(byte: number): boolean {
		if (byte === DOUBLE_QUOTE || byte === QUOTE) {
			this.#quote = byte;
			this.#state = "argument";
			return true;
		}
		if (byte === NEWLINE) this.#inCall = 0;
		else if (byte === CLOSE_PARENTHESIS) this.#inCall--;
		return false;
	}

	#readSerialized(byte: number): void {
		if (byte === DOUBLE_QUOTE) {
			this.#quote = byte;
			this.#state = "argument";
		} else if (byte !== COLON && byte !== BACKSLASH && !isNameByte(byte)) {
			this.#startName();
			this.#read(byte);
		}
	}

	#separate(separator: number): void {
		const judged = this.#judge.judgeBytes(this.#name);
		const secret =
			separator === EQUALS || this.#named
				? judged.secretField && !this.#name.tooLong
				: judged.secretInText;
		const phrase = separator === COLON && !this.#named && !this.#using;
		this.#startName();
		this.#slashes = separator === COLON ? 1 : 0;
		if (!secret) return;
		this.#slashes = 0;
		this.#phrase = phrase;
		this.#state = separator === SEMICOLON ? "serialized" : "before";
		this.#arrow = false;
		this.#toLineEnd =
			judged.treatment === "credentials" ||
			judged.treatment === "cookies" ||
			judged.treatment === "setCookie";
	}

	/** Reads a byte in front of a value; true if it is the value's first. */
	#begins(byte: number): boolean {
		if (byte === EQUALS || byte === GREATER) {
			this.#arrow = byte === GREATER;
			this.#toLineEnd ||= this.#arrow;
		} else if (byte === NEWLINE) {
			if (!this.#arrow) this.#startName();
			this.#arrow = false;
		} else if (byte === DOUBLE_QUOTE || byte === QUOTE) {
			this.#quote = byte;
			this.#escaped = false;
			this.#state = "quoted";
		} else if (byte === AMPERSAND) this.#startName();
		// Quotes are escaped in JSON that is quoted itself.
		else if (byte > SPACE && byte !== BACKSLASH) {
			this.#state = this.#phrase ? "phrase" : "word";
			if (this.#toLineEnd) this.#state = "line";
			return true;
		}
		return false;
	}

	/** Whether a value ends in front of the byte. */
	#ends(byte: number): boolean {
		if (byte === NEWLINE) return true;
		if (this.#state === "line") return false;
		if (this.#state === "word") {
			const quotes = byte === DOUBLE_QUOTE || byte === QUOTE;
			return byte <= SPACE || byte === AMPERSAND || quotes;
		}
		if (this.#state === "phrase") return byte === DOUBLE_QUOTE;
		if (this.#state === "argument" || this.#state === "argumentEnd") {
			if (this.#state === "argumentEnd" && PARTS.has(byte)) return true;
			this.#state = byte === this.#quote ? "argumentEnd" : "argument";
			return false;
		}
		if (this.#escaped) this.#escaped = false;
		else if (byte === BACKSLASH) this.#escaped = true;
		else return byte === this.#quote;
		return false;
	}
}

/** What follows a value among others. */
const PARTS: ReadonlySet<number> = new Set(Buffer.from(",);}"));

/** Letters, digits, `-`, `_`, `.` and `[`, and what is no ASCII. */
function isNameByte(byte: number): boolean {
	const letter = byte | 0x20;
	return (
		(letter >= 0x61 && letter <= 0x7a) ||
		(byte >= 0x30 && byte <= 0x39) ||
		byte === 0x5f ||
		byte === 0x2d ||
		byte === 0x2e ||
		byte === 0x5b ||
		byte >= 0x80
	);
}

/** A quote, `]` or a space, which may stand between a name and what parts it from its value. */
function closesName(byte: number): boolean {
	return (
		byte === DOUBLE_QUOTE ||
		byte === QUOTE ||
		byte === 0x5d ||
		byte === SPACE ||
		byte === 0x09 ||
		byte === BACKSLASH
	);
}
