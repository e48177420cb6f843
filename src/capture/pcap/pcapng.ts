// The bytes of a pcapng file become packets: blocks, each with its length in front and behind, of which some describe
// interfaces and some hold packets (draft-ietf-opsawg-pcapng, sections 3 and 4). It knows nothing of what the packets
// carry. Other blocks are stepped over; what is wrong with the file is a remark in the report, and ends the reading.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { int32, int32LE, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import { PacketPool } from "../packet/packet-pool.js";
import { MAX_CAPTURED_LENGTH, noteImpossibleLength } from "./pcap.js";
import {
	BYTE_ORDER_MAGIC,
	ENHANCED_PACKET,
	INTERFACE_DESCRIPTION,
	MAX_BLOCK_LENGTH,
	MAX_INTERFACES,
	MIN_BLOCK_LENGTH,
	MIN_SECTION_LENGTH,
	NUMBERED,
	OBSOLETE_PACKET,
	PACKET_HEADER_LENGTH,
	SECTION_HEADER,
	SIMPLE_HEADER_LENGTH,
	SIMPLE_PACKET,
	TRAILER_LENGTH,
} from "./pcapng-block.js";
import {
	CapturedInterface,
	INTERFACE_HEADER_LENGTH,
} from "./pcapng-interface.js";
import {
	noteDamagedBlock,
	noteEnd,
	noteOtherVersion,
	noteUndescribed,
} from "./pcapng-remarks.js";
import { Straddling } from "./straddling.js";

/** Reads a pcapng file that is pushed in blocks, cut anywhere. The packets of one push last until the next. */
export class PcapngReader implements Stage<Buffer, Packet> {
	readonly #report: SourceReport;
	readonly #pool = new PacketPool();
	#littleEndian = true;
	/** Of the section at hand. */
	#interfaces: CapturedInterface[] = [];
	#stopped = false;
	/** Packets counted as Wireshark does, those included that are left out. */
	#frames = 0;
	/** Packets of interfaces that the section does not describe. */
	#undescribed = 0;
	/** Where in the file the next block starts. */
	#offset = 0;
	/** A block that goes on in the next push. */
	readonly #straddling = new Straddling();

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(block: Buffer): readonly Packet[] {
		if (this.#stopped || block.length === 0) return NOTHING;
		this.#pool.reuse();
		const packets: Packet[] = [];
		const at = this.#readStraddling(block, packets);
		if (this.#straddling.length === 0) this.#readAll(block, at, packets);
		return packets;
	}

	end(): readonly Packet[] {
		noteUndescribed(this.#report, this.#undescribed);
		if (!this.#stopped) {
			noteEnd(
				this.#report,
				this.#frames,
				this.#offset,
				this.#straddling.length,
			);
		}
		return NOTHING;
	}

	#readAll(bytes: Buffer, from: number, packets: Packet[]): void {
		let at = this.#readEnhanced(bytes, from, packets);
		while (at < bytes.length && !this.#stopped) {
			const needed = this.#needed(bytes, at, bytes.length - at);
			if (this.#stopped) return;
			if (at + needed > bytes.length) {
				this.#straddling.begin(bytes.subarray(at));
				return;
			}
			this.#read(bytes, at, needed, packets);
			at = this.#readEnhanced(bytes, at + needed, packets);
		}
	}

	/**
	 * Reads enhanced packet blocks with nothing wrong, as nearly all blocks of a file are, and returns where another
	 * block starts: what `#read` does of them, without asking again and again what does not change from one to the next.
	 */
	#readEnhanced(bytes: Buffer, from: number, packets: Packet[]): number {
		if (this.#stopped) return from;
		const uint32 = this.#littleEndian ? uint32LE : uint32BE;
		const interfaces = this.#interfaces;
		const last = bytes.length - PACKET_HEADER_LENGTH - TRAILER_LENGTH;
		let frame = this.#frames;
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
		this.#frames = frame;
		this.#offset += at - from;
		return at;
	}

	/** Reads the block that the push before began, if it ends in these bytes; returns where the rest of them starts. */
	#readStraddling(bytes: Buffer, packets: Packet[]): number {
		const straddling = this.#straddling;
		if (straddling.length === 0) return 0;
		let needed = 0;
		const at = straddling.goOn(bytes, (start, available) => {
			needed = this.#needed(start, 0, available);
			return this.#stopped ? 0 : needed;
		});
		if (straddling.length === needed && !this.#stopped) {
			this.#read(straddling.take(), 0, needed, packets);
		}
		return at;
	}

	/** Bytes that the next block takes, as far as the `available` bytes at `at` tell. */
	#needed(bytes: Buffer, at: number, available: number): number {
		if (available < MIN_BLOCK_LENGTH) return MIN_BLOCK_LENGTH;
		if (bytes[at] === 0x0a && int32(bytes, at) === SECTION_HEADER) {
			this.#takeByteOrder(bytes, at);
		} else if (this.#offset === 0) this.#stop("starts no section");
		const length = this.#uint32(bytes, at + 4);
		if (length < MIN_BLOCK_LENGTH || (length & 3) !== 0) {
			this.#stop(`says that it is ${length} bytes long, which no block is`);
		} else if (length > MAX_BLOCK_LENGTH) {
			this.#stop(
				`says that it is ${length} bytes long, more than the ${MAX_BLOCK_LENGTH} there can be`,
			);
		}
		return length;
	}

	#takeByteOrder(bytes: Buffer, at: number): void {
		if (int32LE(bytes, at + 8) === BYTE_ORDER_MAGIC) this.#littleEndian = true;
		else if (int32(bytes, at + 8) === BYTE_ORDER_MAGIC) {
			this.#littleEndian = false;
		} else this.#stop("starts a section without a byte order");
	}

	/** Reads a whole block. */
	#read(bytes: Buffer, at: number, length: number, packets: Packet[]): void {
		const end = at + length - TRAILER_LENGTH;
		const behind = this.#uint32(bytes, end);
		if (behind !== length) {
			this.#stop(`is ${length} bytes long by its start, ${behind} by its end`);
			return;
		}
		const type = this.#uint32(bytes, at);
		if (type === ENHANCED_PACKET) {
			const number = this.#uint32(bytes, at + 8);
			this.#readPacket(bytes, at, end, number, packets);
		} else if (type === OBSOLETE_PACKET) {
			// A count of lost packets shares the interface's field.
			const number = this.#uint16(bytes, at + 8);
			this.#readPacket(bytes, at, end, number, packets);
		} else if (type === SIMPLE_PACKET) {
			this.#readSimplePacket(bytes, at, end, packets);
		} else if (type === INTERFACE_DESCRIPTION) {
			this.#readInterface(bytes, at, end);
		} else if (type === SECTION_HEADER) this.#startSection(bytes, at, length);
		else if (NUMBERED.has(type)) this.#frames++;
		this.#offset += length;
	}

	#startSection(bytes: Buffer, at: number, length: number): void {
		this.#interfaces = [];
		if (length < MIN_SECTION_LENGTH) {
			this.#stop(`is too short for a section header: ${length} bytes`);
			return;
		}
		const major = this.#uint16(bytes, at + 12);
		if (major === 1) return;
		this.#stopped = true;
		noteOtherVersion(this.#report, this.#offset, major);
	}

	#readInterface(bytes: Buffer, at: number, end: number): void {
		if (end - at < INTERFACE_HEADER_LENGTH) {
			this.#stop("is too short for an interface description");
		} else if (this.#interfaces.length < MAX_INTERFACES) {
			this.#interfaces.push(
				new CapturedInterface(bytes, at, end, this.#littleEndian),
			);
		}
	}

	/** An enhanced packet block, or an obsolete one, of the interface `number`. */
	#readPacket(
		bytes: Buffer,
		at: number,
		end: number,
		number: number,
		packets: Packet[],
	): void {
		const start = at + PACKET_HEADER_LENGTH;
		if (start > end) {
			this.#stop("is too short for a packet");
			return;
		}
		const frame = ++this.#frames;
		const captured = this.#uint32(bytes, at + 20);
		if (start + captured > end || captured > MAX_CAPTURED_LENGTH) {
			this.#stopAtLength(frame, captured, end - start);
			return;
		}
		const from = this.#interfaces[number];
		if (from === undefined) {
			this.#undescribed++;
			return;
		}
		const high = this.#uint32(bytes, at + 12);
		packets.push(
			this.#pool.make(
				frame,
				from.seconds(high, this.#uint32(bytes, at + 16)),
				from.linkType,
				bytes,
				start,
				start + captured,
				this.#uint32(bytes, at + 24),
			),
		);
	}

	/** A simple packet block: of the section's first interface, without a time. Its snap length says how much is there. */
	#readSimplePacket(
		bytes: Buffer,
		at: number,
		end: number,
		packets: Packet[],
	): void {
		const start = at + SIMPLE_HEADER_LENGTH;
		if (start > end) {
			this.#stop("is too short for a packet");
			return;
		}
		const frame = ++this.#frames;
		const [from] = this.#interfaces;
		if (from === undefined) {
			this.#undescribed++;
			return;
		}
		const originalLength = this.#uint32(bytes, at + 8);
		const captured =
			from.snapLength === 0
				? originalLength
				: Math.min(originalLength, from.snapLength);
		if (start + captured > end || captured > MAX_CAPTURED_LENGTH) {
			this.#stopAtLength(frame, captured, end - start);
			return;
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
	}

	#stopAtLength(frame: number, captured: number, room: number): void {
		this.#stopped = true;
		noteImpossibleLength(
			this.#report,
			frame,
			this.#offset,
			captured,
			Math.min(room, MAX_CAPTURED_LENGTH),
		);
	}

	#stop(what: string): void {
		if (this.#stopped) return;
		this.#stopped = true;
		noteDamagedBlock(this.#report, this.#offset, what);
	}

	#uint16(bytes: Buffer, at: number): number {
		return this.#littleEndian
			? (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
			: uint16(bytes, at);
	}

	#uint32(bytes: Buffer, at: number): number {
		return (this.#littleEndian ? int32LE(bytes, at) : int32(bytes, at)) >>> 0;
	}
}

function uint32BE(bytes: Buffer, at: number): number {
	return int32(bytes, at) >>> 0;
}

function uint32LE(bytes: Buffer, at: number): number {
	return int32LE(bytes, at) >>> 0;
}
