// The Internet checksum (RFC 1071), in the machine's own words: sums of two-byte numbers are the same in both byte orders,
// but for the order of the result's bytes (section 2).

/** Whether the machine's words are not those of the network. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * The checksum of the bytes from `from` to `to`, and of `more`, both places and `more` in the machine's order. `from` is a
 * multiple of four; the bytes between `to` and the next multiple of four are zeros.
 */
export function checksumOf(
	words: Uint32Array,
	from: number,
	to: number,
	more: number,
): number {
	const end = (to + 3) >>> 2;
	// As doubles, sums of some ten thousand words are exact; two at a time do not wait for one another.
	let even = more;
	let odd = 0;
	let at = from >>> 2;
	for (; at + 1 < end; at += 2) {
		even += words[at] as number;
		odd += words[at + 1] as number;
	}
	if (at < end) even += words[at] as number;
	let sum = even + odd;
	while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
	return ~sum & 0xffff;
}

/** A two-byte number of the network in the machine's order, and the other way round. */
export function swapped(value: number): number {
	if (!LITTLE_ENDIAN) return value;
	return ((value & 0xff) << 8) | ((value >>> 8) & 0xff);
}
