// Captures in other envelopes: the IP datagrams of a real one, put into whatever carries datagrams, and written as a
// capture of its own, that tshark can be asked about, too.

import { readFileSync } from "node:fs";
import { LINK_TYPES } from "../../src/capture/network/link.js";
import { PcapReader } from "../../src/capture/pcap/pcap.js";
import { emptyReport } from "../capture/network/crafted.js";

/** A datagram, and when it was captured. */
export interface Datagram {
	readonly timestamp: number;
	readonly bytes: Buffer;
}

/** The IP datagrams of a pcap file, without what is in front of them and behind. */
export function datagramsOf(path: string): Datagram[] {
	return new PcapReader(emptyReport())
		.push(readFileSync(path))
		.map((packet) => {
			const at = LINK_TYPES.get(packet.linkType)?.ipOffset(packet) ?? 0;
			const six = (packet.bytes[at] as number) >> 4 === 6;
			const length = six
				? 40 + packet.bytes.readUInt16BE(at + 4)
				: packet.bytes.readUInt16BE(at + 2);
			return {
				timestamp: packet.timestamp ?? 0,
				bytes: packet.bytes.subarray(at, at + length),
			};
		});
}

/** A pcap file of frames. */
export function pcapOf(
	linkType: number,
	frames: readonly Datagram[],
	snapLength = 262_144,
): Buffer {
	const header = Buffer.alloc(24);
	header.writeUInt32LE(0xa1b2c3d4, 0);
	header.writeUInt16LE(2, 4);
	header.writeUInt16LE(4, 6);
	header.writeUInt32LE(snapLength, 16);
	header.writeUInt32LE(linkType, 20);
	const parts: Buffer[] = [header];
	for (const { timestamp, bytes } of frames) {
		const captured = bytes.subarray(0, snapLength);
		const packet = Buffer.alloc(16);
		const seconds = Math.floor(timestamp);
		packet.writeUInt32LE(seconds, 0);
		packet.writeUInt32LE(Math.round((timestamp - seconds) * 1e6), 4);
		packet.writeUInt32LE(captured.length, 8);
		packet.writeUInt32LE(bytes.length, 12);
		parts.push(packet, captured);
	}
	return Buffer.concat(parts);
}

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

const isIpv6 = (datagram: Buffer) => (datagram[0] as number) >> 4 === 6;

/** The Ethertype of a datagram. */
export function typeOf(datagram: Buffer): Buffer {
	return hex(isIpv6(datagram) ? "86dd" : "0800");
}

/** A frame of Ethernet; `type` where it is none of IP. */
export function ethernet(payload: Buffer, type = typeOf(payload)): Buffer {
	return Buffer.concat([hex("020000000001 020000000002"), type, payload]);
}

/** A datagram of IPv4 that carries `payload`. */
export function ipv4(protocol: number, payload: Buffer): Buffer {
	const header = hex("4500 0000 1234 0000 40 00 0000 c0a80001 c0a80002");
	header.writeUInt16BE(20 + payload.length, 2);
	header[9] = protocol;
	return Buffer.concat([header, payload]);
}

/** A datagram of IPv6 that carries `payload`. */
export function ipv6(protocol: number, payload: Buffer): Buffer {
	const header = Buffer.alloc(40);
	hex("6000 0000 0000 00 40").copy(header);
	header.writeUInt16BE(payload.length, 4);
	header[6] = protocol;
	header[23] = 1;
	header[39] = 2;
	return Buffer.concat([header, payload]);
}

/** A datagram of UDP. */
export function udp(port: number, payload: Buffer): Buffer {
	const header = hex("c000 0000 0000 0000");
	header.writeUInt16BE(port, 2);
	header.writeUInt16BE(8 + payload.length, 4);
	return Buffer.concat([header, payload]);
}

/** GRE with the optional fields that the flags announce. */
export function gre(
	flags: number,
	type: Buffer,
	payload: Buffer,
	fields = "",
): Buffer {
	const header = Buffer.alloc(2);
	header.writeUInt16BE(flags);
	return Buffer.concat([header, type, hex(fields), payload]);
}

/** A stack of MPLS labels. */
export function mpls(labels: number, payload: Buffer): Buffer {
	const stack = Array.from({ length: labels }, (_, i) =>
		hex(i === labels - 1 ? "0001013f" : "0001003f"),
	);
	return Buffer.concat([...stack, payload]);
}

/** The fragments of a datagram, each with at most `size` bytes of payload (a multiple of 8). */
export function fragmentsOf(
	datagram: Buffer,
	size: number,
	identification: number,
): Buffer[] {
	const six = isIpv6(datagram);
	const headerLength = six ? 40 : ((datagram[0] as number) & 15) * 4;
	const payload = datagram.subarray(headerLength);
	const fragments: Buffer[] = [];
	for (let at = 0; at < payload.length; at += size) {
		const part = payload.subarray(at, at + size);
		const more = at + size < payload.length;
		const header = Buffer.from(datagram.subarray(0, headerLength));
		if (six) {
			const extension = Buffer.from([header[6] as number, 0, 0, 0, 0, 0, 0, 0]);
			extension.writeUInt16BE(at | (more ? 1 : 0), 2);
			extension.writeUInt32BE(identification, 4);
			header[6] = 44;
			header.writeUInt16BE(8 + part.length, 4);
			fragments.push(Buffer.concat([header, extension, part]));
		} else {
			header.writeUInt16BE(headerLength + part.length, 2);
			header.writeUInt16BE(identification & 0xffff, 4);
			header.writeUInt16BE((more ? 0x2000 : 0) | (at / 8), 6);
			fragments.push(Buffer.concat([header, part]));
		}
	}
	return fragments;
}
