// How evidence writes bytes: in hex, two of them as a number, and the name of a record.

import { recordTypeName } from "../fastcgi/constants.js";

/** Bytes as `48 54 54 50`. */
export function hex(bytes: Buffer): string {
	return bytes.toString("hex").replace(/..(?=.)/g, "$& ");
}

/** One byte as `0x01`. */
export function hexByte(byte: number): string {
	return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** A request id as its two bytes make it: `requestIdB1 0x01, requestIdB0 0x01 = 257`. */
function requestIdBytes(id: number): string {
	return `requestIdB1 ${hexByte(id >> 8)}, requestIdB0 ${hexByte(id & 0xff)} = ${id}`;
}

/** A record's name, with its id: `FCGI_STDOUT with requestIdB1 ...`. */
export function recordWithId(type: number, id: number): string {
	return `${recordTypeName(type)} with ${requestIdBytes(id)}`;
}
