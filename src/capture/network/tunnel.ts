// From a datagram that carries another packet to the IP header of that packet: IP in IP (RFC 2003, RFC 4213), GRE (RFC
// 2784, RFC 2890) with what is carried in it, VXLAN (RFC 7348) and Geneve (RFC 8926).

import { int32, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import {
	behindEthernet,
	behindEthertype,
	behindLabels,
	behindPpp,
	NO_IP,
} from "./ethertype.js";
import type { IpDatagram } from "./ip.js";

/** IANA's protocol numbers. */
const IPV4_IN_IP = 4;
const UDP = 17;
const IPV6_IN_IP = 41;
const GRE = 47;
const MPLS_IN_IP = 137;

/** UDP ports by which a tunnel is told. Linux had a port of its own for VXLAN before there was a standard. */
const VXLAN = 4789;
const VXLAN_ON_LINUX = 8472;
const GENEVE = 6081;
const MPLS_IN_UDP = 6635;

/** Where in `packet.bytes` the IP header of the packet in `datagram` starts; `NO_IP` where it carries none. */
export function carriedIp(packet: Packet, datagram: IpDatagram): number {
	const { bytes } = packet;
	const at = datagram.payloadAt;
	const end = Math.min(datagram.payloadEnd, packet.end);
	switch (datagram.protocol) {
		case IPV4_IN_IP:
		case IPV6_IN_IP:
			return at;
		case GRE:
			return behindGre(bytes, at, end);
		case UDP:
			return behindUdp(bytes, at, end);
		case MPLS_IN_IP:
			return behindLabels(bytes, at, end);
		default:
			return NO_IP;
	}
}

/** Bits of GRE's first two bytes; each of the four announces a field of four bytes. */
const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
/** In version 1, that of PPTP (RFC 2637). */
const ACKNOWLEDGMENT = 0x0080;

/** What GRE carries besides what has an Ethertype. */
const PPP = 0x880b;
const ERSPAN_2 = 0x88be;
const ERSPAN_3 = 0x22eb;

function behindGre(bytes: Buffer, at: number, end: number): number {
	if (at + 4 > end) return NO_IP;
	const flags = uint16(bytes, at);
	const version = flags & 7;
	// The routing field has no length; nobody uses it (RFC 2784, section 2.3).
	if ((flags & ROUTING) !== 0 || version > 1) return NO_IP;
	let next = at + 4;
	for (const bit of [CHECKSUM, KEY, SEQUENCE]) {
		if ((flags & bit) !== 0) next += 4;
	}
	if (version === 1 && (flags & ACKNOWLEDGMENT) !== 0) next += 4;
	if (next > end) return NO_IP;
	const type = uint16(bytes, at + 2);
	switch (type) {
		case PPP:
			return behindPpp(bytes, next, end);
		case ERSPAN_2:
			// Its first form has neither a sequence number nor a header.
			next += (flags & SEQUENCE) === 0 ? 0 : 8;
			return behindEthernet(bytes, next, end);
		case ERSPAN_3:
			if (next + 12 > end) return NO_IP;
			next += ((bytes[next + 11] as number) & 1) === 0 ? 12 : 20;
			return behindEthernet(bytes, next, end);
		default:
			return behindEthertype(bytes, type, next, end);
	}
}

function behindUdp(bytes: Buffer, at: number, end: number): number {
	const next = at + 8;
	if (next + 8 > end) return NO_IP;
	switch (uint16(bytes, at + 2)) {
		case VXLAN:
		case VXLAN_ON_LINUX:
			// The flag that says that there is a network identifier has to be set.
			return ((bytes[next] as number) & 0x08) === 0
				? NO_IP
				: behindEthernet(bytes, next + 8, end);
		case GENEVE: {
			const first = int32(bytes, next);
			if (first >>> 30 !== 0) return NO_IP;
			const options = ((first >>> 24) & 0x3f) * 4;
			return behindEthertype(bytes, first & 0xffff, next + 8 + options, end);
		}
		case MPLS_IN_UDP:
			return behindLabels(bytes, next, end);
		default:
			return NO_IP;
	}
}
