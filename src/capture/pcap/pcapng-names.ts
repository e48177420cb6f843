// A Name Resolution Block becomes paths of Unix sockets, by the addresses that stand for them (draft-ietf-opsawg-pcapng, section
// 4.5): what a writer has to invent where there are none. Names of hosts are left, as addresses say more.

import { ipText } from "../network/four-tuple.js";
import { uint16 } from "../packet/byte-order.js";

const NRB_END = 0;
const NRB_IPV4 = 1;
const NRB_IPV6 = 2;

/** Names that are kept: more sockets than a machine has applications. */
const MAX_NAMES = 1024;

/** Adds the paths of the records from `at` to `end`, each stepped over by its length, to those that are known. */
export function readSocketNames(
	bytes: Buffer,
	from: number,
	end: number,
	littleEndian: boolean,
	names: Map<string, string>,
): void {
	const short = (at: number) =>
		littleEndian
			? (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
			: uint16(bytes, at);
	for (let at = from; at + 4 <= end; ) {
		const type = short(at);
		const length = short(at + 2);
		if (type === NRB_END || at + 4 + length > end) return;
		const value = bytes.subarray(at + 4, at + 4 + length);
		const size = type === NRB_IPV4 ? 4 : type === NRB_IPV6 ? 16 : undefined;
		if (size !== undefined && length > size && names.size < MAX_NAMES) {
			const path = firstName(value.subarray(size));
			if (/^[/@]/.test(path)) names.set(ipText(value.subarray(0, size)), path);
		}
		at += 4 + ((length + 3) & ~3);
	}
}

/** Names end with a zero byte each. */
function firstName(bytes: Buffer): string {
	const end = bytes.indexOf(0);
	return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}
