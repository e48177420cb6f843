// XML that is cut anywhere becomes its tags, as they are written: `packet`, `/packet`, `field name="ip" ...`. Text between
// them, comments and declarations are passed over; it is no parser, and asks for no well-formed document.

/** The longest tag that is held: a payload stands in one twice, in two and three characters a byte. */
const MAX_TAG = 2 * 2 ** 20;
const NEWLINE = 0x0a;

/** Finds the tags. */
export class XmlTags {
	/** Where the last tag ended, from 1. */
	line = 1;
	/** The start of a tag whose end has not come. */
	#parts: string[] = [];
	#held = 0;
	#inTag = false;
	/** Where the next line of the bytes at hand ends. */
	#newline = -1;

	/** Each tag that ends in these bytes. */
	*push(bytes: Buffer): Generator<string> {
		const text = bytes.toString("latin1");
		this.#newline = -1;
		let at = 0;
		while (at < text.length) {
			if (!this.#inTag) {
				const start = text.indexOf("<", at);
				this.#countLines(bytes, at, start === -1 ? text.length : start);
				if (start === -1) return;
				this.#inTag = true;
				at = start + 1;
			}
			const end = text.indexOf(">", at);
			this.#countLines(bytes, at, end === -1 ? text.length : end);
			if (end === -1) {
				this.#hold(text.slice(at));
				return;
			}
			yield this.#finish(text.slice(at, end));
			at = end + 1;
		}
	}

	#hold(part: string): void {
		this.#held += part.length;
		if (this.#held <= MAX_TAG) {
			this.#parts.push(part);
			return;
		}
		this.#parts = [];
		this.#held = 0;
		this.#inTag = false;
	}

	#finish(last: string): string {
		this.#inTag = false;
		if (this.#held === 0) return last;
		const tag = this.#parts.join("") + last;
		this.#parts = [];
		this.#held = 0;
		return tag;
	}

	/** Counts the line ends between two places; `#newline` is the first that was not counted. */
	#countLines(bytes: Buffer, from: number, to: number): void {
		if (this.#newline < from) this.#newline = nextNewline(bytes, from);
		while (this.#newline < to) {
			this.line++;
			this.#newline = nextNewline(bytes, this.#newline + 1);
		}
	}
}

function nextNewline(bytes: Buffer, from: number): number {
	const at = bytes.indexOf(NEWLINE, from);
	return at === -1 ? Number.POSITIVE_INFINITY : at;
}
