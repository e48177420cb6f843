// A part of a datagram that was too large for a link: where it belongs, and what is captured of it (RFC 791, section 3.1;
// RFC 8200, section 4.5).

import { int32, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import type { IpDatagram } from "./ip.js";

const IPV6_FRAGMENT_HEADER_LENGTH = 8;

/** A fragment of a datagram. */
export interface Fragment {
	/** Where its bytes belong in the payload. */
	readonly offset: number;
	/** Bytes of it on the wire. */
	readonly length: number;
	/** What was captured of them; a view. */
	readonly bytes: Buffer;
	readonly isLast: boolean;
	/** What the payload is, by IANA's protocol number. */
	readonly protocol: number;
	readonly identification: number;
	/** The header of the datagram, without its options or extensions where it is IPv6; a view. */
	readonly header: Buffer;
}

/** Reads a fragment whose header `readIp` has read. Undefined where it was cut too short to be one, or lies. */
export function readFragment(
	packet: Packet,
	datagram: IpDatagram,
): Fragment | undefined {
	const fragment =
		datagram.version === 4
			? readIpv4Fragment(packet, datagram)
			: readIpv6Fragment(packet, datagram);
	if (fragment === undefined) return undefined;
	const end = fragment.offset + fragment.length;
	return end <= 0xffff && fragment.length > 0 ? fragment : undefined;
}

function readIpv4Fragment(
	packet: Packet,
	{ sourceAt, protocol, payloadAt, payloadEnd }: IpDatagram,
): Fragment {
	const { bytes } = packet;
	const at = sourceAt - 12;
	const field = uint16(bytes, at + 6);
	return {
		offset: (field & 0x1fff) * 8,
		length: payloadEnd - payloadAt,
		bytes: captured(packet, payloadAt, payloadEnd),
		isLast: (field & 0x2000) === 0,
		protocol,
		identification: uint16(bytes, at + 4),
		header: bytes.subarray(at, payloadAt),
	};
}

function readIpv6Fragment(
	packet: Packet,
	{ sourceAt, payloadAt, payloadEnd }: IpDatagram,
): Fragment | undefined {
	const { bytes, end } = packet;
	const at = payloadAt + IPV6_FRAGMENT_HEADER_LENGTH;
	if (at > end || at > payloadEnd) return undefined;
	const field = uint16(bytes, payloadAt + 2);
	return {
		offset: field & 0xfff8,
		length: payloadEnd - at,
		bytes: captured(packet, at, payloadEnd),
		isLast: (field & 1) === 0,
		protocol: bytes[payloadAt] as number,
		identification: int32(bytes, payloadAt + 4),
		header: bytes.subarray(sourceAt - 8, sourceAt + 32),
	};
}

function captured({ bytes, end }: Packet, from: number, to: number): Buffer {
	return bytes.subarray(from, Math.max(from, Math.min(to, end)));
}
