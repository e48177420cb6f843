// Finds secrets in STDIN: the type of the body says how to look, or else the first bytes do, because clients name the wrong type:
// curl sends JSON as a form unless it is told.

import type { Mask } from "./mask.js";
import { bodyForm, bodyScanner, isMedia } from "./media-type.js";
import { MAX_NAME_BYTES } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import { COVER_ALL, type Scanner, SHOW_ALL } from "./scanner.js";
import { saysNothing, startsJson } from "./supposed-json.js";

const AMPERSAND = 0x26;
const DASH = 0x2d;
const EQUALS = 0x3d;

/** The scanner of one STDIN stream. */
export class BodyScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #type: string;
	readonly #startSeen: boolean;
	/** Undefined until the first bytes have told. */
	#scanner: Scanner | undefined;

	/** `type` is empty where it is not known. A body whose start was not seen may begin within a secret. */
	constructor(judge: NameJudge, type: string, startSeen: boolean) {
		this.#judge = judge;
		this.#type = type;
		this.#startSeen = startSeen;
		const form = bodyForm(type);
		if (form === "multipart" || form === "json") {
			this.#scanner = bodyScanner(form, judge, type);
		} else if (isMedia(type)) this.#scanner = SHOW_ALL;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		for (; this.#scanner === undefined && at < to; at++) {
			if (!saysNothing(bytes[at] as number)) {
				this.#scanner = this.#scannerFor(bytes[at] as number);
				break;
			}
			if (!this.#startSeen) mask.cover(at, at + 1);
		}
		this.#scanner?.scan(bytes, at, to, mask);
	}

	lose(): void {
		this.#scanner ??= COVER_ALL;
		this.#scanner.lose();
	}

	/** The scanner for what starts with this byte. */
	#scannerFor(first: number): Scanner {
		if (startsJson(first)) return bodyScanner("json", this.#judge);
		const declared = bodyForm(this.#type);
		if (declared !== undefined) return bodyScanner(declared, this.#judge);
		if (first === DASH) return bodyScanner("multipart", this.#judge);
		const form = bodyScanner("form", this.#judge);
		if (this.#startSeen) return new SupposedForm(form);
		form.lose();
		return form;
	}
}

/** What is a form if a name and `=` come first, and shown if not. */
class SupposedForm implements Scanner {
	#scanner: Scanner;
	#length = 0;
	#sure = false;

	constructor(form: Scanner) {
		this.#scanner = form;
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		for (let at = from; !this.#sure && at < to; at++) {
			const byte = bytes[at] as number;
			// What has no end of a name may be a name too long to be told from a secret's.
			this.#sure =
				byte === EQUALS ||
				byte === AMPERSAND ||
				++this.#length > MAX_NAME_BYTES;
			if (!this.#sure && !isInName(byte)) {
				this.#scanner = SHOW_ALL;
				this.#sure = true;
			}
		}
		this.#scanner.scan(bytes, from, to, mask);
	}

	lose(): void {
		this.#sure = true;
		this.#scanner.lose();
	}
}

/** Whether a byte may stand in the name of an encoded field: letters, digits, and `%+-.[]_` with some that clients leave. */
function isInName(byte: number): boolean {
	const letter = byte | 0x20;
	return (
		(letter >= 0x61 && letter <= 0x7a) ||
		(byte >= 0x30 && byte <= 0x39) ||
		IN_NAME.has(byte)
	);
}

const IN_NAME: ReadonlySet<number> = new Set(Buffer.from("%+-.[]_$!*~:@"));
