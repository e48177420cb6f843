// The bytes of a classic pcap file become packets: 24 bytes of file header, then 16 bytes of header (24 in the "modified"
// form of Alexey Kuznetzov's) and the captured bytes for each packet, all of it in the byte order of the machine that wrote
// it (draft-ietf-opsawg-pcap). It knows nothing of what the packets carry. What is wrong with the file is a remark in the
// report, and ends the reading.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { int32, int32LE } from "../packet/byte-order.js";
import { MAX_CAPTURED_LENGTH, type Packet } from "../packet/packet.js";
import { PacketPool } from "../packet/packet-pool.js";
import {
	FILE_HEADER_LENGTH,
	linkTypeOf,
	PACKET_HEADER_LENGTH,
	pcapForm,
} from "./pcap-header.js";
import { noteEnd, noteImpossibleLength } from "./pcap-remarks.js";
import { Straddling } from "./straddling.js";

/** Reads a pcap file that is pushed in blocks, cut anywhere. The packets of one push last until the next. */
export class PcapReader implements Stage<Buffer, Packet> {
	readonly #report: SourceReport;
	readonly #pool = new PacketPool();
	#littleEndian = true;
	#partsPerSecond = 1_000_000;
	#packetHeaderLength = PACKET_HEADER_LENGTH;
	#linkType = 0;
	#headerRead = false;
	#stopped = false;
	/** Packets handed out. */
	#frames = 0;
	/** Where in the file the next header or packet starts. */
	#offset = 0;
	/** A header or packet that goes on in the next block. */
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
		if (this.#straddling.length === 0 && !this.#stopped) {
			this.#readAll(block, at, packets);
		}
		return packets;
	}

	end(): readonly Packet[] {
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

	#readAll(block: Buffer, from: number, packets: Packet[]): void {
		let at = from;
		while (at < block.length) {
			const needed = this.#needed(block, at, block.length - at);
			if (this.#stopped) return;
			if (at + needed > block.length) {
				this.#straddling.begin(block.subarray(at));
				return;
			}
			this.#read(block, at, needed, packets);
			at += needed;
		}
	}

	/** Reads what the block before began, if it ends in this one; returns where the rest of this block starts. */
	#readStraddling(block: Buffer, packets: Packet[]): number {
		const straddling = this.#straddling;
		if (straddling.length === 0) return 0;
		let needed = 0;
		const at = straddling.goOn(block, (bytes, available) => {
			needed = this.#needed(bytes, 0, available);
			return this.#stopped ? 0 : needed;
		});
		if (straddling.length === needed && !this.#stopped) {
			this.#read(straddling.take(), 0, needed, packets);
		}
		return at;
	}

	/** Bytes that the next header or packet takes, as far as the `available` bytes at `at` tell. */
	#needed(bytes: Buffer, at: number, available: number): number {
		if (!this.#headerRead) return FILE_HEADER_LENGTH;
		const headerLength = this.#packetHeaderLength;
		if (available < headerLength) return headerLength;
		const captured = this.#uint32(bytes, at + 8);
		if (captured > MAX_CAPTURED_LENGTH) {
			this.#stopped = true;
			const frame = this.#frames + 1;
			noteImpossibleLength(this.#report, frame, this.#offset, captured);
		}
		return headerLength + captured;
	}

	#read(bytes: Buffer, at: number, length: number, packets: Packet[]): void {
		this.#offset += length;
		if (!this.#headerRead) {
			this.#readFileHeader(bytes, at);
			return;
		}
		const seconds = this.#uint32(bytes, at);
		packets.push(
			this.#pool.make(
				++this.#frames,
				seconds + this.#uint32(bytes, at + 4) / this.#partsPerSecond,
				this.#linkType,
				bytes,
				at + this.#packetHeaderLength,
				at + length,
				this.#uint32(bytes, at + 12),
			),
		);
	}

	/** The version is not looked at: files of all versions since 2.0 that are still around read the same. */
	#readFileHeader(bytes: Buffer, at: number): void {
		const form = pcapForm(bytes.subarray(at, at + 4));
		if (form === undefined) {
			this.#stopped = true;
			this.#report.remarks.push("not a classic pcap file");
			return;
		}
		this.#littleEndian = form.littleEndian;
		this.#partsPerSecond = form.partsPerSecond;
		this.#packetHeaderLength = form.packetHeaderLength;
		this.#linkType = linkTypeOf(this.#uint32(bytes, at + 20));
		this.#headerRead = true;
	}

	#uint32(bytes: Buffer, at: number): number {
		return (this.#littleEndian ? int32LE(bytes, at) : int32(bytes, at)) >>> 0;
	}
}
