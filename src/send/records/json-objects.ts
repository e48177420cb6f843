// A text of JSON objects, one after another with any line ends between and within them, or in one array, into the objects,
// one by one. The text may be far longer than memory; the places of objects are kept to read them again.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import { decodeText } from "../../fastcgi/text.js";
import { jsonFault, MAX_DEPTH } from "./json-fault.js";
import type { RefuseAt, TextBytes } from "./text-bytes.js";

/** An object, its fields not yet looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object and the place where it starts. */
export interface PlacedObject {
	readonly at: number;
	readonly object: JsonObject;
}

/** Bytes of the longest object: the longest record with every byte escaped takes 400 KB, and findings some more. */
const MAX_OBJECT_BYTES = 16 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_ARRAY, CLOSE_ARRAY] = [0x5b, 0x5d];
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d];

/** Reads the objects of a text. */
export class JsonObjects {
	readonly #text: TextBytes;
	readonly #refuse: RefuseAt;
	readonly #blockLength: number;
	#block = NO_BYTES;
	#blockAt = 0;
	#at = 0;
	#inArray = false;
	#first = true;

	/** Starts at a place; `blockLength` bytes are read at once. */
	constructor(
		text: TextBytes,
		at: number,
		refuse: RefuseAt,
		blockLength: number,
	) {
		this.#text = text;
		this.#at = this.#blockAt = at;
		this.#refuse = refuse;
		this.#blockLength = blockLength;
	}

	/** The next object; undefined where there is none. */
	next(): PlacedObject | undefined {
		if (this.#first && this.#byteBehindGap() === OPEN_ARRAY) {
			this.#inArray = true;
			this.#at++;
		}
		let byte = this.#byteBehindGap();
		if (this.#inArray) {
			if (byte === undefined) {
				this.#fail("the array is not closed with ]: it is cut off");
			}
			if (byte === CLOSE_ARRAY) return this.#endArray();
			if (!this.#first) {
				if (byte !== COMMA) this.#fail(`expected , or ], ${this.#found()}`);
				this.#at++;
				byte = this.#byteBehindGap();
			}
		}
		this.#first = false;
		if (byte === undefined && !this.#inArray) return undefined;
		if (byte !== OPEN_OBJECT) {
			this.#fail(`expected a record as an object in braces, ${this.#found()}`);
		}
		const at = this.#at;
		return { at, object: this.read(at) };
	}

	/** The object at a place where there is one. */
	read(at: number): JsonObject {
		let end = -1;
		if (at >= this.#blockAt) {
			end = objectEnd(this.#block, at - this.#blockAt);
		}
		let length = this.#blockLength;
		while (end === -1) {
			this.#load(at, length);
			end = objectEnd(this.#block, 0);
			if (at + length >= this.#text.length || length >= MAX_OBJECT_BYTES) break;
			length *= 2;
		}
		const from = at - this.#blockAt;
		const bytes = this.#block.subarray(from, end === -1 ? undefined : end);
		this.#at = at + bytes.length;
		return this.#parse(bytes, at);
	}

	#parse(bytes: Buffer, at: number): JsonObject {
		const { text, latin1 } = decodeText(bytes);
		if (latin1) this.#refuse(at, "these bytes are not UTF-8");
		try {
			return JSON.parse(text) as JsonObject;
		} catch {
			const fault = jsonFault(text);
			if (fault.at === text.length && bytes.length >= MAX_OBJECT_BYTES) {
				this.#refuse(at, `an object of more than ${MAX_OBJECT_BYTES} bytes`);
			}
			const place = at + Buffer.byteLength(text.slice(0, fault.at));
			return this.#refuse(place, fault.message);
		}
	}

	#endArray(): undefined {
		this.#at++;
		if (this.#byteBehindGap() !== undefined) {
			this.#fail(`expected the end behind ], ${this.#found()}`);
		}
	}

	/** Passes what is blank; the byte behind it, undefined at the end. */
	#byteBehindGap(): number | undefined {
		for (; ; this.#at++) {
			if (this.#at >= this.#text.length) return undefined;
			let at = this.#at - this.#blockAt;
			if (at >= this.#block.length) {
				this.#load(this.#at, this.#blockLength);
				at = 0;
			}
			const byte = this.#block[at];
			if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
				return byte;
			}
		}
	}

	#load(at: number, length: number): void {
		const end = Math.min(at + length, this.#text.length);
		this.#block = this.#text.slice(at, end);
		this.#blockAt = at;
	}

	#found(): string {
		const rest = this.#text.slice(this.#at, this.#at + 24).toString();
		return rest === ""
			? "found the end"
			: `found ${JSON.stringify(/^\w+|^[\s\S]/u.exec(rest)?.[0])}`;
	}

	#fail(message: string): never {
		return this.#refuse(this.#at, message);
	}
}

/** The place behind the object that starts at `at`, or behind what is too deep; -1 where the bytes do not have its end. */
function objectEnd(bytes: Buffer, at: number): number {
	let depth = 0;
	let inString = false;
	for (let i = at; i < bytes.length; i++) {
		const byte = bytes[i];
		if (inString) {
			if (byte === BACKSLASH) i++;
			else if (byte === QUOTE) inString = false;
		} else if (byte === QUOTE) inString = true;
		else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
			depth++;
			if (depth > MAX_DEPTH) return i + 1;
		} else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
			depth--;
			if (depth === 0) return i + 1;
		}
	}
	return -1;
}
