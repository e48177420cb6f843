// From the link type of a packet to the place where its IP header starts: one table, an entry for each link type
// (LINKTYPE numbers of tcpdump.org). It knows nothing of IP beyond the protocol numbers that announce it.

import { uint16 } from "./byte-order.js";

/** What a link type's frames look like. */
export interface LinkType {
	/** Where the IP header of a frame starts; `NO_IP` where it carries something else. May lie behind the last byte. */
	readonly ipOffset: (bytes: Buffer) => number;
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
	[1, { ipOffset: (bytes) => behindEthertype(bytes, 12, 14) }],
	[9, { ipOffset: behindPppProtocol }],
	/** Raw IP, with the numbers that some systems write for it. */
	[12, { ipOffset: () => 0 }],
	[14, { ipOffset: () => 0 }],
	[101, { ipOffset: () => 0 }],
	/** OpenBSD loopback: the address family in network byte order. */
	[108, { ipOffset: behindAddressFamily }],
	/** Linux "cooked" capture, as of `-i any`: the type is the last of its 16 bytes, or the first of 20. */
	[113, { ipOffset: (bytes) => behindEthertype(bytes, 14, 16) }],
	[276, { ipOffset: (bytes) => behindEthertype(bytes, 0, 20) }],
	/** Raw IPv4 and raw IPv6. */
	[228, { ipOffset: () => 0 }],
	[229, { ipOffset: () => 0 }],
]);

/** Behind a header that ends at `end` and has its Ethertype at `typeAt`, and behind any VLAN tags. */
function behindEthertype(bytes: Buffer, typeAt: number, end: number): number {
	if (bytes.length < end) return NO_IP;
	let type = uint16(bytes, typeAt);
	let at = end;
	for (let tags = 0; isVlanTag(type); tags++) {
		if (tags === MAX_VLAN_TAGS || bytes.length < at + 4) return NO_IP;
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
function behindAddressFamily(bytes: Buffer): number {
	if (bytes.length < 4) return NO_IP;
	const big = bytes.readUInt32BE(0);
	const family = big > 0xffff ? bytes.readUInt32LE(0) : big;
	switch (family) {
		case 2:
		case 10:
		case 24:
		case 28:
		case 30:
			return 4;
		default:
			return NO_IP;
	}
}

/** PPP: address and control bytes where they were not negotiated away, then the protocol. */
function behindPppProtocol(bytes: Buffer): number {
	const at = bytes[0] === 0xff && bytes[1] === 0x03 ? 2 : 0;
	if (bytes.length < at + 2) return NO_IP;
	const protocol = uint16(bytes, at);
	return protocol === 0x0021 || protocol === 0x0057 ? at + 2 : NO_IP;
}
