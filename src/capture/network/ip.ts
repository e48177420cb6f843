// Reads the header of an IPv4 or IPv6 datagram with its options or extension headers: who sent it to whom, and where its
// payload is (RFC 791, RFC 8200). It puts no fragments together, and believes lengths only as far as they make sense.

import { uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";

/** What a datagram's header says. One object is filled in again and again: there is one datagram for each packet. */
export interface IpDatagram {
	/** 4 or 6. */
	version: number;
	/** Where in the packet the source address stands. */
	sourceAt: number;
	/** Where in the packet the destination address stands. */
	destinationAt: number;
	/** What the payload is, by IANA's protocol number: 6 is TCP. */
	protocol: number;
	/** Where in the packet the payload starts. */
	payloadAt: number;
	/** Where the payload ends by the header: behind the packet's last byte, where a snap length cut it. */
	payloadEnd: number;
}

/** `datagram`: it was filled in. `fragment`: a part of a larger one. `damaged`: no IP, cut off, or lengths that lie. */
export type IpReading = "datagram" | "fragment" | "damaged";

/** IANA's protocol number of TCP. */
export const PROTOCOL_TCP = 6;

const IPV4_HEADER_LENGTH = 20;
const IPV6_HEADER_LENGTH = 40;
/** Extension headers followed before a packet is given up: each may occur once, one of them twice (RFC 8200, 4.1). */
const MAX_EXTENSION_HEADERS = 8;

/** A datagram to be filled in. */
export function emptyDatagram(): IpDatagram {
	return {
		version: 0,
		sourceAt: 0,
		destinationAt: 0,
		protocol: 0,
		payloadAt: 0,
		payloadEnd: 0,
	};
}

/** Reads the header that starts at `at` into `datagram`. */
export function readIp(
	packet: Packet,
	at: number,
	datagram: IpDatagram,
): IpReading {
	const { bytes, end } = packet;
	if (at >= end) return "damaged";
	switch ((bytes[at] as number) >> 4) {
		case 4:
			return readIpv4(packet, at, datagram);
		case 6:
			return readIpv6(packet, at, datagram);
		default:
			return "damaged";
	}
}

function readIpv4(packet: Packet, at: number, datagram: IpDatagram): IpReading {
	const { bytes, end } = packet;
	if (at + IPV4_HEADER_LENGTH > end) return "damaged";
	const headerLength = ((bytes[at] as number) & 0x0f) * 4;
	const totalLength = uint16(bytes, at + 2);
	datagram.version = 4;
	datagram.sourceAt = at + 12;
	datagram.destinationAt = at + 16;
	datagram.protocol = bytes[at + 9] as number;
	datagram.payloadAt = at + headerLength;
	// Segmentation offload leaves the length 0 where it is larger than its two bytes can say.
	datagram.payloadEnd = totalLength === 0 ? wireEnd(packet) : at + totalLength;
	if (headerLength < IPV4_HEADER_LENGTH) return "damaged";
	if (datagram.payloadEnd < datagram.payloadAt) return "damaged";
	// More fragments follow, or some came before; the bits above are "reserved" and "don't fragment".
	if ((uint16(bytes, at + 6) & 0x3fff) !== 0) return "fragment";
	return datagram.protocol === PROTOCOL_TCP
		? "datagram"
		: followExtensions(packet, datagram);
}

function readIpv6(packet: Packet, at: number, datagram: IpDatagram): IpReading {
	const { bytes, end } = packet;
	if (at + IPV6_HEADER_LENGTH > end) return "damaged";
	const payloadLength = uint16(bytes, at + 4);
	datagram.version = 6;
	datagram.sourceAt = at + 8;
	datagram.destinationAt = at + 24;
	datagram.protocol = bytes[at + 6] as number;
	datagram.payloadAt = at + IPV6_HEADER_LENGTH;
	datagram.payloadEnd =
		payloadLength === 0 ? wireEnd(packet) : datagram.payloadAt + payloadLength;
	return datagram.protocol === PROTOCOL_TCP
		? "datagram"
		: followExtensions(packet, datagram);
}

/** Where the packet ended on the wire. Some writers understate the original length. */
function wireEnd(packet: Packet): number {
	return Math.max(packet.start + packet.originalLength, packet.end);
}

/** Moves the payload's start behind the extension headers that are in front of it (RFC 8200, section 4; RFC 4302). */
function followExtensions(
	{ bytes, end }: Packet,
	datagram: IpDatagram,
): IpReading {
	for (let count = 0; count < MAX_EXTENSION_HEADERS; count++) {
		const at = datagram.payloadAt;
		const length = extensionLength(bytes, at, datagram.protocol);
		if (length === 0) return "datagram";
		if (at + 8 > end) return "damaged";
		if (at + length > datagram.payloadEnd) return "damaged";
		// All but the lowest bits of a fragment header's second word: an offset, or more fragments to come.
		if (
			datagram.protocol === FRAGMENT &&
			(uint16(bytes, at + 2) & 0xfff9) !== 0
		) {
			return "fragment";
		}
		datagram.protocol = bytes[at] as number;
		datagram.payloadAt = at + length;
	}
	return "damaged";
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;

/** Bytes of the extension header at `at`; 0 where `protocol` is none that is looked through. */
function extensionLength(bytes: Buffer, at: number, protocol: number): number {
	switch (protocol) {
		case HOP_BY_HOP:
		case ROUTING:
		case DESTINATION_OPTIONS:
			return ((bytes[at + 1] ?? 0) + 1) * 8;
		case FRAGMENT:
			return 8;
		case AUTHENTICATION:
			return ((bytes[at + 1] ?? 0) + 2) * 4;
		default:
			return 0;
	}
}
