// The beginning of an input, by which its format is told. Formats look at content only, never at a file's name.

/** Bytes of the beginning in which a form of text is looked for, behind any prose: a long thread of mails. */
export const HEAD_LENGTH = 64 * 1024;

/** The first bytes of an input. */
export class Head {
	/** The first bytes: `HEAD_LENGTH` of them or some more, unless a few of them tell enough. */
	readonly bytes: Buffer;
	/** Whether these are all bytes of the input. */
	readonly whole: boolean;
	/** The part of them that is looked at line by line. */
	readonly #text: Buffer;
	#lines: readonly string[] | undefined;

	constructor(bytes: Buffer, whole: boolean) {
		this.bytes = bytes;
		this.#text = bytes.subarray(0, HEAD_LENGTH);
		this.whole = whole;
	}

	/** Whether the input starts with these bytes, given in hex digits. */
	startsWith(hex: string): boolean {
		return this.bytes.toString("hex", 0, hex.length / 2) === hex;
	}

	/** Whether it is text: that has no NUL, and all binary formats have some in their first bytes, FastCGI among them. */
	get isText(): boolean {
		return startsAsUtf16(this.#text) || !this.#text.includes(0);
	}

	/** Its lines, without line ends, a byte a character; none where it is no text. The last may be cut off, if not `whole`. */
	get lines(): readonly string[] {
		this.#lines ??= this.isText ? textOf(this.#text).split(/\r?\n/) : [];
		return this.#lines;
	}
}

/** Whether a text starts as Windows PowerShell writes the output of a program: little-endian UTF-16 behind its mark. */
export function startsAsUtf16(bytes: Buffer): boolean {
	return bytes[0] === 0xff && bytes[1] === 0xfe && bytes[3] === 0;
}

/** Bytes of the mark that some editors put in front of UTF-8. */
export function utf8MarkLength(bytes: Buffer): number {
	return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function textOf(bytes: Buffer): string {
	return startsAsUtf16(bytes)
		? bytes.toString("utf16le", 2)
		: bytes.toString("latin1", utf8MarkLength(bytes));
}
