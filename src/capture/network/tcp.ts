// Reads the header of a TCP segment (RFC 9293, section 3.1). Checksums are not looked at: where the network card fills
// them in, a capture on the sending machine has them wrong.

import { int32, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";

/** What a segment's header says. One object is filled in again and again: there is one segment for each packet. */
export interface TcpSegment {
	sourcePort: number;
	destinationPort: number;
	/** Of its first byte; 32 bits with a sign, to be compared by the difference. */
	sequence: number;
	/** The next byte that the sender waits for, where `FLAG_ACK` is set. */
	acknowledgment: number;
	/** See `FLAG_FIN` and its neighbours. */
	flags: number;
	/** Where in the packet the payload starts. */
	payloadAt: number;
	/** Bytes of payload on the wire. */
	payloadLength: number;
	/** Bytes of payload that were captured. */
	capturedLength: number;
}

/** The sender has no more to say. */
export const FLAG_FIN = 0x01;
/** The sender opens the connection: the first byte has the next sequence number. */
export const FLAG_SYN = 0x02;
/** The sender breaks the connection off. */
export const FLAG_RST = 0x04;
/** The acknowledgment counts. */
export const FLAG_ACK = 0x10;

const TCP_HEADER_LENGTH = 20;

/** A segment to be filled in. */
export function emptySegment(): TcpSegment {
	return {
		sourcePort: 0,
		destinationPort: 0,
		sequence: 0,
		acknowledgment: 0,
		flags: 0,
		payloadAt: 0,
		payloadLength: 0,
		capturedLength: 0,
	};
}

/**
 * Reads the segment from `at` to `end`, which may lie behind the captured bytes. False where its header was not captured
 * or its lengths lie.
 */
export function readTcp(
	{ bytes, end: capturedEnd }: Packet,
	at: number,
	end: number,
	segment: TcpSegment,
): boolean {
	if (at + TCP_HEADER_LENGTH > capturedEnd) return false;
	const payloadAt = at + ((bytes[at + 12] as number) >> 4) * 4;
	if (payloadAt < at + TCP_HEADER_LENGTH || payloadAt > end) return false;
	segment.sourcePort = uint16(bytes, at);
	segment.destinationPort = uint16(bytes, at + 2);
	segment.sequence = int32(bytes, at + 4);
	segment.acknowledgment = int32(bytes, at + 8);
	segment.flags = bytes[at + 13] as number;
	segment.payloadAt = payloadAt;
	segment.payloadLength = end - payloadAt;
	segment.capturedLength = Math.max(Math.min(end, capturedEnd) - payloadAt, 0);
	return true;
}
