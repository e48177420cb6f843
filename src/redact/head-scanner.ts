// Finds secrets in STDOUT: in the fields of the CGI head (RFC 3875, section 6.3), whose values are judged by their names like those
// of parameters, and in a body that is JSON or a form. Other bodies are shown. Lines that are no fields are read as text.

import { Mask } from "./mask.js";
import { bodyForm, bodyScanner, isMedia } from "./media-type.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import { MAX_TYPE_BYTES } from "./pair-scanner.js";
import { COVER_ALL, type Scanner, SHOW_ALL } from "./scanner.js";
import { SupposedJson } from "./supposed-json.js";
import { TextScanner } from "./text-scanner.js";
import { ValueScanners } from "./value-scanners.js";

const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;

/** `text` is a line that begins like no field; `carriageReturn` is behind that of a value. */
type State =
	| "lineStart"
	| "name"
	| "text"
	| "beforeValue"
	| "value"
	| "carriageReturn"
	| "body";

/** The scanner of one STDOUT stream. */
export class HeadScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #values: ValueScanners;
	readonly #name = new NameBytes();
	/** Whether this is known to be a head. */
	#sure: boolean;
	#state: State = "lineStart";
	#value: Scanner = SHOW_ALL;
	/** Whether the value is one that secrets are looked for in, by their names. */
	#open = true;
	#text: TextScanner | undefined;
	/** Of the body. */
	#type = "";
	#isType = false;
	#body: Scanner = SHOW_ALL;

	/** Where the start was not seen, what does not begin like a field is covered. */
	constructor(judge: NameJudge, startSeen: boolean) {
		this.#judge = judge;
		this.#values = new ValueScanners(judge);
		this.#sure = startSeen;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		while (at < to) {
			const byte = bytes[at] as number;
			switch (this.#state) {
				case "body":
					this.#body.scan(bytes, at, to, mask);
					return;
				case "value":
					at = this.#scanValue(bytes, at, to, mask);
					break;
				case "beforeValue":
					if (byte === SPACE || byte === TAB) at++;
					else this.#state = "value";
					break;
				case "lineStart":
					if (this.#startLine(byte)) at++;
					break;
				case "carriageReturn":
					if (byte === NEWLINE) at++;
					this.#readOnAfterReturn(byte);
					break;
				case "text":
					this.#openText().scan(bytes, at, at + 1, mask);
					if (byte === COLON || byte === NEWLINE) this.#endName(byte);
					else this.#name.add(byte);
					at++;
					break;
				default:
					if (this.#readName(byte)) at++;
			}
		}
	}

	/** In the head, what follows cannot be told from it. */
	lose(): void {
		if (this.#state !== "body") this.#body = COVER_ALL;
		else this.#body.lose();
		this.#state = "body";
	}

	/** Says that records are missing: what comes may be of another response, whose head is to be covered even in a text. */
	loseRecords(): void {
		const shown =
			this.#body === SHOW_ALL ||
			(this.#body instanceof SupposedJson && this.#body.shows);
		if (this.#state !== "body") this.lose();
		else if (shown) {
			const text = new TextScanner(this.#judge);
			text.lose();
			this.#body = text;
		} else if (!(this.#body instanceof TextScanner)) this.#body = COVER_ALL;
		else this.#body.lose();
	}

	/** Reads the first byte of a line; false if it is to be looked at again. */
	#startLine(byte: number): boolean {
		if (byte === NEWLINE) this.#startBody();
		// A line that goes on with the value of the last (RFC 9112, section 5.2).
		else if (byte === SPACE || byte === TAB) {
			if (this.#open) this.#value = this.#startText();
			this.#state = "value";
		} else if (byte !== CARRIAGE_RETURN) {
			this.#name.clear();
			this.#state = "name";
			return false;
		}
		return true;
	}

	#startBody(): void {
		const form = bodyForm(this.#type);
		if (form !== undefined) {
			this.#body = bodyScanner(form, this.#judge, this.#type);
		} else if (!isMedia(this.#type)) this.#body = new SupposedJson(this.#judge);
		this.#state = "body";
	}

	/** Reads a byte in front of a colon; false if it is to be looked at again. */
	#readName(byte: number): boolean {
		if (byte === COLON || byte === NEWLINE) this.#endName(byte);
		else if (isToken(byte)) this.#name.add(byte);
		else {
			this.#startText();
			// No byte of a token is covered: the text only has to know the name.
			const name = this.#name.copy();
			const bytes = Buffer.from(name);
			this.#openText().scan(bytes, 0, bytes.length, new Mask(bytes));
			if (this.#sure) this.#state = "text";
			else this.lose();
			return false;
		}
		return true;
	}

	/** Takes the colon, or the end of a line without one. */
	#endName(byte: number): void {
		const wasText = this.#state === "text";
		if (byte === NEWLINE) {
			// Without a colon in it, this is nothing unless the start was seen.
			if (wasText || this.#sure) this.#state = "lineStart";
			else this.lose();
			this.#value = SHOW_ALL;
			this.#open = true;
			this.#isType = false;
			return;
		}
		this.#sure = true;
		this.#value = this.#values.start(this.#name);
		this.#open = this.#values.open;
		this.#isType = isNamed(this.#name, "content-type");
		if (this.#isType) this.#type = "";
		this.#state = "beforeValue";
		if (!this.#open) return;
		if (wasText) this.#value = this.#openText();
		else if (isNamed(this.#name, "status")) this.#value = this.#startText();
	}

	/** A carriage return without a line feed ends a line for some servers: a value does not go on behind it for sure. */
	#readOnAfterReturn(byte: number): void {
		this.#state = byte === NEWLINE ? "lineStart" : "value";
		if (byte !== NEWLINE && this.#open) this.#value = this.#startText();
	}

	#openText(): TextScanner {
		this.#text ??= new TextScanner(this.#judge);
		return this.#text;
	}

	#startText(): TextScanner {
		this.#openText().start();
		return this.#openText();
	}

	/** Reads on in a value; returns the place behind it, or behind its line end. */
	#scanValue(bytes: Buffer, from: number, to: number, mask: Mask): number {
		let end = from;
		while (end < to && !isLineEnd(bytes[end] as number)) end++;
		this.#value.scan(bytes, from, end, mask);
		if (this.#isType) {
			const room = MAX_TYPE_BYTES - this.#type.length;
			this.#type += bytes.toString("latin1", from, Math.min(end, from + room));
		}
		if (end === to) return to;
		this.#state = bytes[end] === NEWLINE ? "lineStart" : "carriageReturn";
		return end + 1;
	}
}

/** Whether a name is this one, in any case, with spaces behind it or without. */
function isNamed(name: NameBytes, wanted: string): boolean {
	return (
		name.length >= wanted.length &&
		name.length < wanted.length + 8 &&
		name.toString().trimEnd().toLowerCase() === wanted
	);
}

function isLineEnd(byte: number): boolean {
	return byte === NEWLINE || byte === CARRIAGE_RETURN;
}

/** Whether a byte is usual in the name of a header field. */
function isToken(byte: number): boolean {
	const letter = byte | 0x20;
	return (
		(letter >= 0x61 && letter <= 0x7a) ||
		(byte >= 0x30 && byte <= 0x39) ||
		byte === 0x2d ||
		byte === 0x5f
	);
}
