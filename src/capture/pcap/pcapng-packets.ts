// The blocks of a pcapng file become packets: interfaces are described first, and packet blocks name theirs by its number in
// the section (draft-ietf-opsawg-pcapng, section 4). Other blocks are stepped over. Where blocks start and end, and what the
// packets carry, is not known here.

import { int32, int32LE, uint16 } from "../packet/byte-order.js";
import { MAX_CAPTURED_LENGTH, type Packet } from "../packet/packet.js";
import { PacketPool } from "../packet/packet-pool.js";
import {
	ENHANCED_PACKET,
	INTERFACE_DESCRIPTION,
	MAX_BLOCK_LENGTH,
	MAX_INTERFACES,
	NAME_RESOLUTION,
	NUMBERED,
	OBSOLETE_PACKET,
	PACKET_HEADER_LENGTH,
	SIMPLE_HEADER_LENGTH,
	SIMPLE_PACKET,
	TRAILER_LENGTH,
} from "./pcapng-block.js";
import {
	CapturedInterface,
	INTERFACE_HEADER_LENGTH,
} from "./pcapng-interface.js";
import { readSocketNames } from "./pcapng-names.js";

/** A packet that says of itself that more bytes of it were captured than there can be. */
interface ImpossibleLength {
	readonly frame: number;
	readonly captured: number;
	/** The most there can be. */
	readonly most: number;
}

/** What is wrong with a block, so that nothing behind it is believed: words for people, or a length. */
export type BlockFault = string | ImpossibleLength;

/** Makes packets of the blocks of one file. */
export class PcapngPackets {
	/** Of the section at hand. */
	littleEndian = true;
	/** Packets counted as Wireshark does, those included that are left out. */
	frames = 0;
	/** Packets of interfaces that their section does not describe. */
	undescribed = 0;
	/** Paths of Unix sockets, by the addresses that stand for them. */
	readonly socketNames = new Map<string, string>();
	readonly #pool = new PacketPool();
	/** Of the section at hand. */
	#interfaces: CapturedInterface[] = [];

	/** Says that the packets that were handed out are not needed any more. */
	reuse(): void {
		this.#pool.reuse();
	}

	/** Says that a section starts, which describes its own interfaces. */
	startSection(): void {
		this.#interfaces = [];
	}

	/**
	 * Reads enhanced packet blocks with nothing wrong, as nearly all blocks of a file are, and returns where another
	 * block starts: what `read` does of them, without asking again and again what does not change from one to the next.
	 */
	readEnhanced(bytes: Buffer, from: number, packets: Packet[]): number {
		const uint32 = this.littleEndian ? uint32LE : uint32BE;
		const interfaces = this.#interfaces;
		const last = bytes.length - PACKET_HEADER_LENGTH - TRAILER_LENGTH;
		let frame = this.frames;
		let at = from;
		while (at <= last && uint32(bytes, at) === ENHANCED_PACKET) {
			const length = uint32(bytes, at + 4);
			const captured = uint32(bytes, at + 20);
			const source = interfaces[uint32(bytes, at + 8)];
			const next = at + length;
			const start = at + PACKET_HEADER_LENGTH;
			const end = start + captured;
			if (
				source === undefined ||
				captured > MAX_CAPTURED_LENGTH ||
				end + TRAILER_LENGTH > next ||
				next > bytes.length ||
				length > MAX_BLOCK_LENGTH ||
				(length & 3) !== 0 ||
				uint32(bytes, next - TRAILER_LENGTH) !== length
			) {
				break;
			}
			packets.push(
				this.#pool.make(
					++frame,
					source.seconds(uint32(bytes, at + 12), uint32(bytes, at + 16)),
					source.linkType,
					bytes,
					start,
					end,
					uint32(bytes, at + 24),
				),
			);
			at = next;
		}
		this.frames = frame;
		return at;
	}

	/** Reads a whole block of `length` bytes; what is wrong with it, where something is. */
	read(
		bytes: Buffer,
		at: number,
		length: number,
		packets: Packet[],
	): BlockFault | undefined {
		const end = at + length - TRAILER_LENGTH;
		const type = this.uint32(bytes, at);
		switch (type) {
			case ENHANCED_PACKET: {
				const number = this.uint32(bytes, at + 8);
				return this.#readPacket(bytes, at, end, number, packets);
			}
			case OBSOLETE_PACKET: {
				// A count of lost packets shares the interface's field.
				const number = this.uint16(bytes, at + 8);
				return this.#readPacket(bytes, at, end, number, packets);
			}
			case SIMPLE_PACKET:
				return this.#readSimplePacket(bytes, at, end, packets);
			case INTERFACE_DESCRIPTION:
				return this.#readInterface(bytes, at, end);
			case NAME_RESOLUTION:
				readSocketNames(
					bytes,
					at + 8,
					end,
					this.littleEndian,
					this.socketNames,
				);
				return undefined;
		}
		if (NUMBERED.has(type)) this.frames++;
		return undefined;
	}

	/** The two-byte number at `at`, in the byte order of the section. */
	uint16(bytes: Buffer, at: number): number {
		return this.littleEndian
			? (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
			: uint16(bytes, at);
	}

	/** The four-byte number at `at`, in the byte order of the section. */
	uint32(bytes: Buffer, at: number): number {
		return (this.littleEndian ? int32LE(bytes, at) : int32(bytes, at)) >>> 0;
	}

	#readInterface(
		bytes: Buffer,
		at: number,
		end: number,
	): BlockFault | undefined {
		if (end - at < INTERFACE_HEADER_LENGTH) {
			return "is too short for an interface description";
		}
		if (this.#interfaces.length < MAX_INTERFACES) {
			this.#interfaces.push(
				new CapturedInterface(bytes, at, end, this.littleEndian),
			);
		}
		return undefined;
	}

	/** An enhanced packet block, or an obsolete one, of the interface `number`. */
	#readPacket(
		bytes: Buffer,
		at: number,
		end: number,
		number: number,
		packets: Packet[],
	): BlockFault | undefined {
		const start = at + PACKET_HEADER_LENGTH;
		if (start > end) return "is too short for a packet";
		const frame = ++this.frames;
		const captured = this.uint32(bytes, at + 20);
		if (start + captured > end || captured > MAX_CAPTURED_LENGTH) {
			return impossibleLength(frame, captured, end - start);
		}
		const from = this.#interfaces[number];
		if (from === undefined) {
			this.undescribed++;
			return undefined;
		}
		const high = this.uint32(bytes, at + 12);
		packets.push(
			this.#pool.make(
				frame,
				from.seconds(high, this.uint32(bytes, at + 16)),
				from.linkType,
				bytes,
				start,
				start + captured,
				this.uint32(bytes, at + 24),
			),
		);
		return undefined;
	}

	/** A simple packet block: of the section's first interface, without a time. Its snap length says how much is there. */
	#readSimplePacket(
		bytes: Buffer,
		at: number,
		end: number,
		packets: Packet[],
	): BlockFault | undefined {
		const start = at + SIMPLE_HEADER_LENGTH;
		if (start > end) return "is too short for a packet";
		const frame = ++this.frames;
		const [from] = this.#interfaces;
		if (from === undefined) {
			this.undescribed++;
			return undefined;
		}
		const originalLength = this.uint32(bytes, at + 8);
		const captured =
			from.snapLength === 0
				? originalLength
				: Math.min(originalLength, from.snapLength);
		if (start + captured > end || captured > MAX_CAPTURED_LENGTH) {
			return impossibleLength(frame, captured, end - start);
		}
		packets.push(
			this.#pool.make(
				frame,
				undefined,
				from.linkType,
				bytes,
				start,
				start + captured,
				originalLength,
			),
		);
		return undefined;
	}
}

function impossibleLength(
	frame: number,
	captured: number,
	room: number,
): ImpossibleLength {
	return { frame, captured, most: Math.min(room, MAX_CAPTURED_LENGTH) };
}

function uint32BE(bytes: Buffer, at: number): number {
	return int32(bytes, at) >>> 0;
}

function uint32LE(bytes: Buffer, at: number): number {
	return int32LE(bytes, at) >>> 0;
}
