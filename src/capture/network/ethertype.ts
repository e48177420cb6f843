// From an Ethertype to the place where the IP header starts, through what may stand in between: VLAN tags, labels of MPLS,
// PPPoE, and the LLC header that is there where the type is a length. Places are offsets into the bytes of a packet.

import { uint16 } from "../packet/byte-order.js";

/** The answer for a frame that carries no IP. */
export const NO_IP = -1;

/** VLAN tags looked through before a frame is given up: real ones have at most two or three. */
const MAX_VLAN_TAGS = 8;
/** MPLS labels looked through: real stacks have a handful. */
const MAX_LABELS = 16;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const MPLS = 0x8847;
/** MPLS, with labels assigned by who receives (RFC 5332). */
const MPLS_UPSTREAM = 0x8848;
const PPPOE_SESSION = 0x8864;
/** Ethernet in something that has Ethertypes, GRE among others. */
const ETHERNET = 0x6558;
/** The largest value of the field that is a length (IEEE 802.3, 3.2.6). */
const MAX_LENGTH = 1500;

/** Where the IP header starts in a frame that starts at `at` with the two addresses of Ethernet. */
export function behindEthernet(bytes: Buffer, at: number, end: number): number {
	return at + 14 > end
		? NO_IP
		: behindEthertype(bytes, uint16(bytes, at + 12), at + 14, end);
}

/** Where the IP header starts behind a type that announces what is at `at`. */
export function behindEthertype(
	bytes: Buffer,
	type: number,
	at: number,
	end: number,
): number {
	return type === IPV4 || type === IPV6 ? at : through(bytes, type, at, end);
}

function through(
	bytes: Buffer,
	firstType: number,
	start: number,
	end: number,
): number {
	let type = firstType;
	let at = start;
	for (let tags = 0; isVlanTag(type); tags++) {
		if (tags === MAX_VLAN_TAGS || at + 4 > end) return NO_IP;
		type = uint16(bytes, at + 2);
		at += 4;
	}
	if (type <= MAX_LENGTH) return behindLlc(bytes, at, end);
	switch (type) {
		case IPV4:
		case IPV6:
			return at;
		case MPLS:
		case MPLS_UPSTREAM:
			return behindLabels(bytes, at, end);
		case PPPOE_SESSION:
			return behindPppoe(bytes, at, end);
		case ETHERNET:
			return behindEthernet(bytes, at, end);
		default:
			return NO_IP;
	}
}

/** 802.1Q, 802.1ad, and the number that was in use before it. */
function isVlanTag(type: number): boolean {
	return type === 0x8100 || type === 0x88a8 || type === 0x9100;
}

/** LLC with SNAP, which has the Ethertype behind an organisation of zeros (RFC 1042). */
export function behindLlc(bytes: Buffer, at: number, end: number): number {
	if (at + 8 > end) return NO_IP;
	if (uint16(bytes, at) !== 0xaaaa || bytes[at + 2] !== 0x03) return NO_IP;
	if (uint16(bytes, at + 3) !== 0 || bytes[at + 5] !== 0) return NO_IP;
	const type = uint16(bytes, at + 6);
	// A length would be another LLC header, and could go on like this.
	if (type <= MAX_LENGTH) return NO_IP;
	return behindEthertype(bytes, type, at + 8, end);
}

/**
 * A stack of labels (RFC 3032). Nothing announces what is behind the last: IP shows its version, and a zero there is the
 * control word of a wire for Ethernet (RFC 4385, RFC 4448).
 */
export function behindLabels(bytes: Buffer, at: number, end: number): number {
	for (let labels = 0; labels < MAX_LABELS; labels++) {
		const next = at + 4 * labels + 4;
		if (next >= end) return NO_IP;
		if (((bytes[next - 2] as number) & 1) === 0) continue;
		const version = (bytes[next] as number) >> 4;
		if (version === 4 || version === 6) return next;
		if (version !== 0 || next + 18 > end) return NO_IP;
		const type = uint16(bytes, next + 16);
		return isVlanTag(type) || type === IPV4 || type === IPV6
			? behindEthertype(bytes, type, next + 18, end)
			: NO_IP;
	}
	return NO_IP;
}

/** PPPoE's session header (RFC 2516, section 4), then PPP without address and control. */
export function behindPppoe(bytes: Buffer, at: number, end: number): number {
	if (at + 6 > end || bytes[at] !== 0x11 || bytes[at + 1] !== 0) return NO_IP;
	return behindPpp(bytes, at + 6, end);
}

/** PPP (RFC 1661, RFC 1662): address and control bytes where they were not negotiated away, then the protocol. */
export function behindPpp(bytes: Buffer, start: number, end: number): number {
	const compressed = bytes[start] !== 0xff || bytes[start + 1] !== 0x03;
	let at = compressed ? start : start + 2;
	if (at + 2 > end) return NO_IP;
	// An odd first byte is the whole number: its upper one was negotiated away.
	const short = ((bytes[at] as number) & 1) === 1;
	const protocol = short ? bytes[at] : uint16(bytes, at);
	at += short ? 1 : 2;
	switch (protocol) {
		case 0x0021:
		case 0x0057:
			return at;
		case 0x0281:
		case 0x0283:
			return behindLabels(bytes, at, end);
		default:
			return NO_IP;
	}
}
