// From the link type of a packet to the place where its IP header starts: one table, an entry for each link type
// (LINKTYPE numbers of tcpdump.org). It knows nothing of IP beyond the protocol numbers that announce it.

import { int32, int32LE, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";

/** What a link type's frames look like. */
export interface LinkType {
	/** Where in `packet.bytes` the IP header starts; `NO_IP` where it carries something else. May lie behind the last byte. */
	readonly ipOffset: (packet: Packet) => number;
}

/** The answer for a frame that carries no IP. */
export const NO_IP = -1;

/** VLAN tags looked through before a frame is given up: real ones have at most two or three. */
const MAX_VLAN_TAGS = 8;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;

/** The link types that are read, by number. */
export const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map([
	/** BSD loopback: the address family, in the byte order of the machine that captured. */
	[0, { ipOffset: behindAddressFamily }],
	/** Ethernet: two addresses, then the type. */
	[1, { ipOffset: (packet) => behindEthertype(packet, 12, 14) }],
	[9, { ipOffset: behindPppProtocol }],
	/** Raw IP, with the numbers that some systems write for it. */
	[12, { ipOffset: atStart }],
	[14, { ipOffset: atStart }],
	[101, { ipOffset: atStart }],
	/** OpenBSD loopback: the address family in network byte order. */
	[108, { ipOffset: behindAddressFamily }],
	/** Linux "cooked" capture, as of `-i any`: the type is the last of its 16 bytes, or the first of 20. */
	[113, { ipOffset: (packet) => behindEthertype(packet, 14, 16) }],
	[276, { ipOffset: (packet) => behindEthertype(packet, 0, 20) }],
	/** Raw IPv4 and raw IPv6. */
	[228, { ipOffset: atStart }],
	[229, { ipOffset: atStart }],
]);

function atStart({ start }: Packet): number {
	return start;
}

/** Behind a header of `length` bytes that has its Ethertype at `typeAt`, and behind any VLAN tags. */
function behindEthertype(
	{ bytes, start, end }: Packet,
	typeAt: number,
	length: number,
): number {
	let at = start + length;
	if (at > end) return NO_IP;
	let type = uint16(bytes, start + typeAt);
	for (let tags = 0; isVlanTag(type); tags++) {
		if (tags === MAX_VLAN_TAGS || at + 4 > end) return NO_IP;
		type = uint16(bytes, at + 2);
		at += 4;
	}
	return type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6 ? at : NO_IP;
}

/** 802.1Q, 802.1ad, and the number that was in use before it. */
function isVlanTag(type: number): boolean {
	return type === 0x8100 || type === 0x88a8 || type === 0x9100;
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

/** PPP: address and control bytes where they were not negotiated away, then the protocol. */
function behindPppProtocol({ bytes, start, end }: Packet): number {
	const compressed = bytes[start] !== 0xff || bytes[start + 1] !== 0x03;
	const at = compressed ? start : start + 2;
	if (at + 2 > end) return NO_IP;
	const protocol = uint16(bytes, at);
	return protocol === 0x0021 || protocol === 0x0057 ? at + 2 : NO_IP;
}
