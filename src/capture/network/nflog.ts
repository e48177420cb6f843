// From a message of Linux netfilter's log to the packet in it: a header, then attributes, each with its length and type in
// the byte order of the machine that captured, and its value up to the next multiple of four (LINKTYPE_NFLOG).

import { uint16 } from "../packet/byte-order.js";
import { NO_IP } from "./ethertype.js";

const HEADER_LENGTH = 4;
const ATTRIBUTE_HEADER_LENGTH = 4;
/** The attribute that is the packet, from its network header on. */
const PAYLOAD = 9;
/** Attributes looked through before a message is given up: there are some twenty types. */
const MAX_ATTRIBUTES = 64;

/** Where the packet's IP header starts. */
export function nflogPayload(
	bytes: Buffer,
	start: number,
	end: number,
): number {
	// The second byte is the version of this layout.
	if (start + HEADER_LENGTH > end || bytes[start + 1] !== 0) return NO_IP;
	let at = start + HEADER_LENGTH;
	for (let count = 0; count < MAX_ATTRIBUTES; count++) {
		if (at + ATTRIBUTE_HEADER_LENGTH > end) return NO_IP;
		// Types are small: the byte of the two that is not zero says which comes first.
		const little = bytes[at + 3] === 0;
		const type = little ? uint16LE(bytes, at + 2) : uint16(bytes, at + 2);
		const length = little ? uint16LE(bytes, at) : uint16(bytes, at);
		if (type === PAYLOAD) return versionAt(bytes, at + ATTRIBUTE_HEADER_LENGTH);
		if (length < ATTRIBUTE_HEADER_LENGTH) return NO_IP;
		at += length + (-length & 3);
	}
	return NO_IP;
}

/** `at`, if IP starts there: a bridge logs other packets, too. */
function versionAt(bytes: Buffer, at: number): number {
	const version = (bytes[at] ?? 0) >> 4;
	return version === 4 || version === 6 ? at : NO_IP;
}

function uint16LE(bytes: Buffer, at: number): number {
	return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}
