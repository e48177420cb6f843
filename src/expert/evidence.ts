// How evidence is written: quoted text of traffic, bytes in hex, two-byte numbers, the name of a record.

import { recordTypeName } from "../fastcgi/constants.js";

/** Most characters of traffic that are quoted: enough to know it again. */
const MAX_QUOTED = 80;

/** Text of traffic in quotes, control characters escaped, shortened. */
export function quoted(text: string, most = MAX_QUOTED): string {
	return text.length > most
		? `${JSON.stringify(text.slice(0, most))}...`
		: JSON.stringify(text);
}

/** Bytes as `48 54 54 50`. */
export function hex(bytes: Buffer): string {
	return bytes.toString("hex").replace(/..(?=.)/g, "$& ");
}

/** One byte as `0x01`. */
export function hexByte(byte: number): string {
	return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** A request id as its two bytes make it: `requestIdB1 0x01, requestIdB0 0x01 = 257`. */
export function requestIdBytes(id: number): string {
	return `requestIdB1 ${hexByte(id >> 8)}, requestIdB0 ${hexByte(id & 0xff)} = ${id}`;
}

/** A record's name, with its id: `FCGI_STDOUT with requestIdB1 ...`. */
export function recordWithId(type: number, id: number): string {
	return `${recordTypeName(type)} with ${requestIdBytes(id)}`;
}

/** `1 byte`, `2 bytes`. */
export function byteCount(count: number): string {
	return count === 1 ? "1 byte" : `${count} bytes`;
}
