// Finds secrets in STDOUT: in the fields of the CGI head (RFC 3875, section 6.3), whose values are judged by their names like those
// of parameters, and in a body that is JSON or a form. Other bodies are shown.

import type { Mask } from "./mask.js";
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

type State = "lineStart" | "name" | "beforeValue" | "value" | "body";

/** The scanner of one STDOUT stream. */
export class HeadScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #values: ValueScanners;
	readonly #name = new NameBytes();
	/** Whether this is known to be a head. */
	#sure: boolean;
	#state: State = "lineStart";
	#value: Scanner = SHOW_ALL;
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
		else if (byte === SPACE || byte === TAB) this.#state = "value";
		else if (byte !== CARRIAGE_RETURN) {
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
		if (byte === COLON) {
			this.#sure = true;
			this.#value = this.#values.start(this.#name);
			this.#isType = this.#name.toString().toLowerCase() === "content-type";
			if (this.#isType) this.#type = "";
			this.#state = "beforeValue";
		} else if (!this.#sure && !isToken(byte)) {
			this.lose();
			return false;
		} else if (byte === NEWLINE) {
			this.#value = SHOW_ALL;
			this.#isType = false;
			this.#state = "lineStart";
		} else this.#name.add(byte);
		return true;
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
		if (bytes[end] === NEWLINE) this.#state = "lineStart";
		return end + 1;
	}
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
