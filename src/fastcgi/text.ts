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

/** The bytes as UTF-8 if they are valid UTF-8, else as latin1. Either way, encoding the text gives the bytes back. */
export function decodeText(bytes: Buffer): DecodedText {
	const text = bytes.toString("utf8");
	if (!text.includes(REPLACEMENT) || Buffer.from(text).equals(bytes)) {
		return { text, latin1: false };
	}
	return { text: bytes.toString("latin1"), latin1: true };
}
