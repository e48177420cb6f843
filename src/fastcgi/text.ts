// Bytes of traffic as text. FastCGI names no character set, so bytes that are UTF-8 are read as that, and others one
// character a byte.

/** Text, and how it was come by. */
export interface DecodedText {
	readonly text: string;
	/** True where the bytes are not UTF-8, so that each became the character of its number. */
	readonly latin1: boolean;
}

/** U+FFFD: what the UTF-8 decoder puts in the place of bytes that it cannot read. */
const REPLACEMENT = "\ufffd";

const MAX_ASCII = 0x7f;

/** The bytes as UTF-8 if they are valid UTF-8, else as latin1. Either way, encoding the text gives the bytes back. */
export function decodeText(bytes: Buffer): DecodedText {
	const text = bytes.toString("utf8");
	if (!text.includes(REPLACEMENT) || Buffer.from(text).equals(bytes)) {
		return { text, latin1: false };
	}
	return { text: bytes.toString("latin1"), latin1: true };
}

/** Many parts of the same bytes as text. ASCII ones are cut from one text of all, which costs a tenth of decoding each. */
export class TextOfParts {
	#latin1: string | undefined;

	constructor(readonly bytes: Buffer) {}

	/** What `decodeText` makes of the bytes from `from` to `to`. */
	text(from: number, to: number): DecodedText {
		const bytes = this.bytes;
		for (let at = from; at < to; at++) {
			if ((bytes[at] as number) > MAX_ASCII) {
				return decodeText(bytes.subarray(from, to));
			}
		}
		this.#latin1 ??= bytes.toString("latin1");
		return { text: this.#latin1.slice(from, to), latin1: false };
	}
}
