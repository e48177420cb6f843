// One TCP segment in an IP packet, with its checksums (RFC 791, RFC 8200, RFC 9293). The fields that are the same for a
// whole direction are written once, into a header that is copied.

import { checksumOf, swapped } from "./checksum.js";
import type { End } from "./ends.js";

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

const TCP = 6;
const TTL = 64;
const DONT_FRAGMENT = 0x40;
const TCP_HEADER_LENGTH = 20;
const WINDOW = 0xffff;

/**
 * Options of a SYN (RFC 7323, section 2.2): the window counts in pieces of 16 KiB, so that it is never full, whatever was
 * sent without an acknowledgement being seen.
 */
const SYN_OPTIONS = Buffer.from([1, 3, 3, 14]);

/** Headers of one direction. */
export interface SegmentHeaders {
	/** IP and TCP, without lengths, numbers, flags and checksums. */
	readonly bytes: Buffer;
	/** Where in it TCP starts: 20 for IPv4, 40 for IPv6. */
	readonly tcpAt: number;
}

/** What is different in each segment. */
export interface SegmentFields {
	readonly sequence: number;
	readonly ack: number;
	readonly flags: number;
}

/** The headers of segments from one end to the other. */
export function segmentHeaders(source: End, destination: End): SegmentHeaders {
	const four = source.address.length === 4;
	const tcpAt = four ? 20 : 40;
	const bytes = Buffer.alloc(tcpAt + TCP_HEADER_LENGTH);
	if (four) {
		bytes[0] = 0x45;
		bytes[6] = DONT_FRAGMENT;
		bytes[8] = TTL;
		bytes[9] = TCP;
	} else {
		bytes[0] = 0x60;
		bytes[6] = TCP;
		bytes[7] = TTL;
	}
	const { length } = source.address;
	source.address.copy(bytes, tcpAt - 2 * length);
	destination.address.copy(bytes, tcpAt - length);
	bytes.writeUInt16BE(source.port, tcpAt);
	bytes.writeUInt16BE(destination.port, tcpAt + 2);
	bytes.writeUInt16BE(WINDOW, tcpAt + 14);
	return { bytes, tcpAt };
}

/** Bytes of headers that a segment with such flags has. */
export function headersLength(
	{ bytes }: SegmentHeaders,
	flags: number,
): number {
	return bytes.length + ((flags & SYN) === 0 ? 0 : SYN_OPTIONS.length);
}

/**
 * Writes the headers of a segment of `length` bytes, its own included, to the place `at`, a multiple of four, where its payload
 * stands already, filled up with zeros to a multiple of four. `words` is the same memory.
 */
export function writeHeaders(
	{ bytes: headers, tcpAt }: SegmentHeaders,
	{ sequence, ack, flags }: SegmentFields,
	bytes: Buffer,
	words: Uint32Array,
	at: number,
	length: number,
): void {
	bytes.set(headers, at);
	const tcp = at + tcpAt;
	const tcpLength = length - tcpAt;
	writeWord(bytes, tcp + 4, sequence);
	writeWord(bytes, tcp + 8, ack);
	const options = (flags & SYN) === 0 ? 0 : SYN_OPTIONS.length;
	bytes[tcp + 12] = (TCP_HEADER_LENGTH + options) << 2;
	bytes[tcp + 13] = flags;
	if (options > 0) bytes.set(SYN_OPTIONS, tcp + TCP_HEADER_LENGTH);
	const ipLength = tcpAt === 20 ? length : tcpLength;
	const ipLengthAt = at + (tcpAt === 20 ? 2 : 4);
	bytes[ipLengthAt] = ipLength >>> 8;
	bytes[ipLengthAt + 1] = ipLength;
	if (tcpAt === 20) {
		putChecksum(bytes, at + 10, checksumOf(words, at, tcp, 0));
	}
	// The addresses, the protocol and the length count as well (RFC 9293, section 3.1).
	const addresses = tcpAt === 20 ? at + 12 : at + 8;
	const pseudo = swapped(TCP) + swapped(tcpLength);
	const sum = checksumOf(words, addresses, tcp + tcpLength, pseudo);
	putChecksum(bytes, tcp + 16, sum);
}

function putChecksum(bytes: Buffer, at: number, sum: number): void {
	const value = swapped(sum);
	bytes[at] = value >>> 8;
	bytes[at + 1] = value;
}

function writeWord(bytes: Buffer, at: number, value: number): void {
	bytes[at] = value >>> 24;
	bytes[at + 1] = value >>> 16;
	bytes[at + 2] = value >>> 8;
	bytes[at + 3] = value;
}
