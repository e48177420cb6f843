// From the link type of a packet to the place where its IP header starts: one table, an entry for each link type
// (LINKTYPE numbers of tcpdump.org). It knows nothing of IP beyond the numbers that announce it.

import { int32, int32LE, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import {
	behindEthernet,
	behindEthertype,
	behindLabels,
	behindLlc,
	behindPpp,
	behindPppoe,
	NO_IP,
} from "./ethertype.js";
import { nflogPayload } from "./nflog.js";

/** What a link type's frames look like. */
export interface LinkType {
	/** Where in `packet.bytes` the IP header starts; `NO_IP` where it carries something else. May lie behind the last byte. */
	readonly ipOffset: (packet: Packet) => number;
}

/** The link types that are read, by number. */
export const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map([
	/** BSD loopback: the address family, in the byte order of the machine that captured. */
	[0, { ipOffset: behindAddressFamily }],
	/** Ethernet. */
	[1, { ipOffset: from(behindEthernet) }],
	/** PPP, plain and as on a serial line. */
	[9, { ipOffset: from(behindPpp) }],
	[50, { ipOffset: from(behindPpp) }],
	/** PPPoE without Ethernet in front. */
	[51, { ipOffset: from(behindPppoe) }],
	/** Raw IP, with the numbers that some systems write for it. */
	[12, { ipOffset: atStart }],
	[14, { ipOffset: atStart }],
	[101, { ipOffset: atStart }],
	/** LLC over ATM. */
	[100, { ipOffset: from(behindLlc) }],
	/** Cisco's HDLC: address, control, type. */
	[104, { ipOffset: (packet) => behindType(packet, 2, 4) }],
	/** OpenBSD loopback: the address family in network byte order. */
	[108, { ipOffset: behindAddressFamily }],
	/** Linux "cooked" capture, as of `-i any`: the type is the last of its 16 bytes, or the first of 20. */
	[113, { ipOffset: (packet) => behindType(packet, 14, 16) }],
	[276, { ipOffset: (packet) => behindType(packet, 0, 20) }],
	/** PPP with a byte in front that says who sent it. */
	[
		204,
		{ ipOffset: ({ bytes, start, end }) => behindPpp(bytes, start + 1, end) },
	],
	[219, { ipOffset: from(behindLabels) }],
	/** Raw IPv4 and raw IPv6. */
	[228, { ipOffset: atStart }],
	[229, { ipOffset: atStart }],
	/** Linux netfilter's log. */
	[239, { ipOffset: from(nflogPayload) }],
]);

function atStart({ start }: Packet): number {
	return start;
}

function from(
	behind: (bytes: Buffer, at: number, end: number) => number,
): LinkType["ipOffset"] {
	return ({ bytes, start, end }) => behind(bytes, start, end);
}

/** Behind a header of `length` bytes that has its Ethertype at `typeAt`. */
function behindType(
	{ bytes, start, end }: Packet,
	typeAt: number,
	length: number,
): number {
	const at = start + length;
	return at > end
		? NO_IP
		: behindEthertype(bytes, uint16(bytes, start + typeAt), at, end);
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
function behindAddressFamily({ bytes, start, end }: Packet): number {
	if (start + 4 > end) return NO_IP;
	const big = int32(bytes, start) >>> 0;
	const family = big > 0xffff ? int32LE(bytes, start) : big;
	switch (family) {
		case 2:
		case 10:
		case 24:
		case 28:
		case 30:
			return start + 4;
		default:
			return NO_IP;
	}
}
