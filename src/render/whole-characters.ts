// Where bytes may be cut without cutting a character in two.

/** How many of the bytes there are without the start, at their end, of a UTF-8 character that is not whole. */
export function wholeCharacters(bytes: Buffer): number {
	for (let back = 1; back <= 3 && back <= bytes.length; back++) {
		const byte = bytes[bytes.length - back] as number;
		if (byte < 0x80) break;
		if (byte < 0xc0) continue;
		const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		return back < length ? bytes.length - back : bytes.length;
	}
	return bytes.length;
}

/** The first of the bytes: at most `limit` of them, and no part of a character. */
export function firstCharacters(bytes: Buffer, limit: number): Buffer {
	if (bytes.length <= limit) return bytes;
	const first = bytes.subarray(0, limit);
	return first.subarray(0, wholeCharacters(first));
}
