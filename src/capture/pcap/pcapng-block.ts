// The kinds of blocks that pcapng files are made of, and the limits of what is believed of them (draft-ietf-opsawg-pcapng,
// sections 3.1, 4 and 10.1).

import { int32, int32LE } from "../packet/byte-order.js";

/** Block types that are read. The first reads the same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
export const OBSOLETE_PACKET = 2;
export const SIMPLE_PACKET = 3;
export const NAME_RESOLUTION = 4;
export const ENHANCED_PACKET = 6;

/**
 * Blocks without packets that Wireshark numbers like packets all the same: those of systemd's journal, custom ones, and
 * the events of sysdig.
 */
export const NUMBERED: ReadonlySet<number> = new Set([
	0x09, 0xbad, 0x4000_0bad, 0x204, 0x216, 0x221,
]);

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** The type, the length in front and the length behind: the shortest block. */
export const MIN_BLOCK_LENGTH = 12;
export const MIN_SECTION_LENGTH = 28;
/** Bytes of an enhanced or an obsolete packet block in front of the captured ones. */
export const PACKET_HEADER_LENGTH = 28;
export const SIMPLE_HEADER_LENGTH = 12;
export const TRAILER_LENGTH = 4;

/** The longest block that Wireshark reads or writes: a longer one is damage. Blocks that straddle pushes are held whole. */
export const MAX_BLOCK_LENGTH = 16 * 2 ** 20;
/** Interfaces that a section may have: as many as an obsolete packet block can name. */
export const MAX_INTERFACES = 65_536;

/** Whether a file starts as one of these: a section header, with the byte order magic in one order or the other. */
export function startsSection(head: Buffer): boolean {
	if (head.length < 12 || int32(head, 0) !== SECTION_HEADER) return false;
	return (
		int32(head, 8) === BYTE_ORDER_MAGIC || int32LE(head, 8) === BYTE_ORDER_MAGIC
	);
}
