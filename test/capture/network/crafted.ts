// Packets made by hand, for tests: raw IP (link type 101) with TCP in it, from one end of a connection to the other.

import { emptyDatagram, readIp } from "../../../src/capture/network/ip.js";
import { emptySegment, readTcp } from "../../../src/capture/network/tcp.js";
import type { TcpReassembly } from "../../../src/capture/network/tcp-reassembly.js";
import type { Packet } from "../../../src/capture/packet/packet.js";
import type { Piece } from "../../../src/capture/recognition/flow.js";
import type { Chunk, SourceReport } from "../../../src/inspect/chunk.js";

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

export interface Crafted {
	readonly from: "client" | "server";
	/** Any integer; its lowest 32 bits are written. */
	readonly sequence: number;
	readonly ack?: number;
	/** ACK is added where `ack` is given. */
	readonly flags?: number;
	readonly payload?: Buffer;
	/** Bytes of payload that were captured; all by default. */
	readonly captured?: number;
	readonly clientPort?: number;
	readonly serverPort?: number;
	readonly clientAddress?: string;
}

/** A TCP segment in IPv4, as bytes. */
export function segmentBytes(crafted: Crafted): Buffer {
	const { payload = Buffer.alloc(0), clientPort = 40000 } = crafted;
	const { serverPort = 9000, clientAddress = "10.0.0.1" } = crafted;
	const toServer = crafted.from === "client";
	const bytes = Buffer.alloc(40 + payload.length);
	bytes[0] = 0x45;
	bytes.writeUInt16BE(bytes.length, 2);
	bytes[9] = 6;
	address(clientAddress).copy(bytes, toServer ? 12 : 16);
	address("10.0.0.2").copy(bytes, toServer ? 16 : 12);
	bytes.writeUInt16BE(toServer ? clientPort : serverPort, 20);
	bytes.writeUInt16BE(toServer ? serverPort : clientPort, 22);
	bytes.writeUInt32BE(crafted.sequence >>> 0, 24);
	bytes.writeUInt32BE((crafted.ack ?? 0) >>> 0, 28);
	bytes[32] = 0x50;
	bytes[33] = (crafted.flags ?? 0) | (crafted.ack === undefined ? 0 : ACK);
	payload.copy(bytes, 40);
	return bytes;
}

function address(text: string): Buffer {
	return Buffer.from(text.split(".").map(Number));
}

/** Makes packets with frame numbers from 1 and a time of one second each. */
export function packetMaker(): (crafted: Crafted) => Packet {
	let frame = 0;
	return (crafted) => {
		const bytes = segmentBytes(crafted);
		const captured = crafted.captured ?? bytes.length - 40;
		frame++;
		return {
			frame,
			timestamp: frame,
			linkType: 101,
			bytes,
			start: 0,
			end: 40 + captured,
			originalLength: bytes.length,
		};
	};
}

/** A packet of the link type, `before` bytes into a block with other bytes around it. */
export function packetOf(hex: string, linkType = 101, before = 0): Packet {
	const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
	const around = Buffer.alloc(100, 0x45);
	return {
		frame: 1,
		timestamp: 0,
		linkType,
		bytes: Buffer.concat([around.subarray(0, before), bytes, around]),
		start: before,
		end: before + bytes.length,
		originalLength: bytes.length,
	};
}

/** A packet with what was captured of it as text, a character a byte, in place of where that lies. */
export function told({ bytes, start, end, ...packet }: Packet): unknown {
	return { ...packet, captured: bytes.toString("latin1", start, end) };
}

/** Gives a reassembly one packet, and the packet's bytes are overwritten afterwards. */
export function feed(
	reassembly: TcpReassembly,
	packet: Packet,
): readonly Piece[] {
	const datagram = emptyDatagram();
	const segment = emptySegment();
	readIp(packet, 0, datagram);
	readTcp(packet, datagram.payloadAt, datagram.payloadEnd, segment);
	const pieces: Piece[] = [];
	reassembly.take(packet, datagram, segment, pieces);
	const kept = pieces.map(owned);
	packet.bytes.fill(0xee);
	return kept;
}

/** A piece whose bytes are its own. */
export function owned<Holder extends { readonly bytes: Buffer }>(
	piece: Holder,
): Holder {
	return { ...piece, bytes: Buffer.from(piece.bytes) };
}

/** A chunk whose bytes are its own; a piece tells only when asked whose it is. */
export function ownedChunk(chunk: Chunk): Chunk {
	const { connection, from, timestamp, frame, missingBefore, closes } = chunk;
	const bytes = Buffer.from(chunk.bytes);
	return { connection, from, timestamp, bytes, frame, missingBefore, closes };
}

/** An empty report. */
export function emptyReport(): SourceReport {
	return { format: "", truncated: false, remarks: [], otherConnections: 0 };
}

/** A record of FastCGI (section 3.3). */
export function record(
	type: number,
	content = Buffer.alloc(0),
	id = 1,
): Buffer {
	const header = Buffer.from([1, type, 0, id, 0, 0, 0, 0]);
	header.writeUInt16BE(content.length, 4);
	return Buffer.concat([header, content]);
}

/** What a web server sends for a small request: BEGIN_REQUEST, PARAMS, STDIN. */
export const REQUEST = Buffer.concat([
	record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
	record(4, Buffer.from("\x01\x01ab", "latin1")),
	record(4),
	record(5),
]);

/** What an application answers: STDOUT, END_REQUEST. */
export const RESPONSE = Buffer.concat([
	record(6, Buffer.from("\r\nhello")),
	record(3, Buffer.alloc(8)),
]);
