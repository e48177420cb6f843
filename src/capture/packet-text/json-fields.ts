// JSON that is cut anywhere, of any layout: some of its strings, told by the key that they stand under. It is no parser:
// it follows quotes and brackets, so that prose around the JSON, or damage in it, costs no more than what it hits.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const ESCAPE = 0x1b;

/** The most bytes of a string that are held: a packet's, in hex. */
const MAX_STRING = 2 * 262_144;
/** Keys that are longer are none of those that are looked for. */
const MAX_KEY = 64;

/** What is done with what is found. */
export interface JsonListener {
	/** Whether strings under this key are wanted. */
	wants(key: string): boolean;
	/** A string that was wanted, at a depth of brackets and a line; not `whole` where the text ends, or the line, in it, or it is too long. */
	found(key: string, value: string, place: JsonPlace): void;
	/** A bracket was closed; `depth` is what it was inside. */
	closed(depth: number): void;
}

/** Where a string stands. */
export interface JsonPlace {
	readonly depth: number;
	readonly line: number;
	readonly whole: boolean;
}

/** Finds strings in JSON that is pushed in pieces. */
export class JsonFields {
	readonly #listener: JsonListener;
	#depth = 0;
	/** From 1. */
	line = 1;
	/** Whether the place is inside a string, and what it holds so far, where that is of use. */
	#inString = false;
	#kept: string | undefined;
	/** Whether it is longer than what is held. */
	#overflown = false;
	#escaped = false;
	/** Whether the place is inside a terminal's colour sequence. */
	#inColour = false;
	/** The last string, which is a key if a colon follows. */
	#last: string | undefined;
	/** The wanted key that the next string stands under: in an array, only the first. */
	#key: string | undefined;
	/** The depth of the object that has the key. */
	#keyDepth = 0;

	constructor(listener: JsonListener) {
		this.#listener = listener;
	}

	push(bytes: Buffer): void {
		let at = 0;
		while (at < bytes.length) {
			if (this.#inString) {
				at = this.#string(bytes, at);
				continue;
			}
			const byte = bytes[at++] as number;
			if (this.#inColour) {
				if (byte > 0x40 && byte !== 0x5b) this.#inColour = false;
				continue;
			}
			switch (byte) {
				case QUOTE:
					this.#inString = true;
					this.#kept = "";
					break;
				case NEWLINE:
					this.line++;
					break;
				case ESCAPE:
					this.#inColour = true;
					break;
				case 0x3a: // :
					this.#colon();
					break;
				case 0x2c: // ,
					this.#key = undefined;
					this.#last = undefined;
					break;
				case 0x7b: // {
					this.#key = undefined;
					this.#last = undefined;
					this.#depth++;
					break;
				case 0x5b: // [
					this.#depth++;
					break;
				case 0x7d: // }
				case 0x5d: // ]
					this.#key = undefined;
					this.#last = undefined;
					this.#listener.closed(this.#depth--);
					break;
			}
		}
	}

	/** Says that nothing follows. */
	end(): void {
		if (this.#inString) this.#ended(false);
	}

	#colon(): void {
		const last = this.#last;
		// Where there is no key in front, it is the colon of a line number.
		if (last === undefined) return;
		this.#last = undefined;
		this.#key = undefined;
		if (!this.#listener.wants(last)) return;
		this.#key = last;
		this.#keyDepth = this.#depth;
	}

	/** Goes through a string from `at`; returns where its rest is, or what is behind it. */
	#string(bytes: Buffer, at: number): number {
		let from = at;
		if (this.#escaped) {
			this.#escaped = false;
			from++;
		}
		let to = from;
		for (;;) {
			const byte = bytes[to];
			if (byte === undefined) break;
			if (byte === QUOTE) {
				this.#keep(bytes, at, to);
				this.#ended(true);
				return to + 1;
			}
			if (byte === NEWLINE) {
				// JSON has no raw line end in a string: a quote is missing.
				this.#keep(bytes, at, to);
				this.#ended(false);
				return to;
			}
			to += byte === BACKSLASH ? 2 : 1;
		}
		this.#escaped = to > bytes.length;
		this.#keep(bytes, at, bytes.length);
		return bytes.length;
	}

	#keep(bytes: Buffer, from: number, to: number): void {
		if (this.#kept === undefined || this.#overflown) return;
		const most = this.#key === undefined ? MAX_KEY : MAX_STRING;
		if (this.#kept.length + to - from > most) {
			this.#overflown = true;
			if (this.#key === undefined) this.#kept = undefined;
			return;
		}
		if (to > from) this.#kept += bytes.toString("latin1", from, to);
	}

	#ended(whole: boolean): void {
		const value = this.#kept;
		this.#inString = false;
		this.#escaped = false;
		this.#kept = undefined;
		const kept = !this.#overflown;
		this.#overflown = false;
		const key = this.#key;
		if (key === undefined) {
			this.#last = value;
			return;
		}
		this.#key = undefined;
		this.#listener.found(key, value ?? "", {
			depth: this.#keyDepth,
			line: this.line,
			whole: whole && kept,
		});
	}
}
