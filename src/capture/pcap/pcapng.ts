// The bytes of a pcapng file are cut into blocks, each with its length in front and behind (draft-ietf-opsawg-pcapng, section
// 3), of which packets are made. What is wrong with the file is a remark in the report, and ends the reading.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { int32, int32LE } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import { noteImpossibleLength } from "./pcap-remarks.js";
import {
	BYTE_ORDER_MAGIC,
	MAX_BLOCK_LENGTH,
	MIN_BLOCK_LENGTH,
	MIN_SECTION_LENGTH,
	SECTION_HEADER,
	TRAILER_LENGTH,
} from "./pcapng-block.js";
import { type BlockFault, PcapngPackets } from "./pcapng-packets.js";
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
	readonly #packets = new PcapngPackets();
	/** A block that goes on in the next push. */
	readonly #straddling = new Straddling();
	/** Where in the file the next block starts. */
	#offset = 0;
	#stopped = false;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	/** Paths of Unix sockets that the file has told so far, by the addresses that stand for them. */
	get socketNames(): ReadonlyMap<string, string> {
		return this.#packets.socketNames;
	}

	push(block: Buffer): readonly Packet[] {
		if (this.#stopped || block.length === 0) return NOTHING;
		this.#packets.reuse();
		const packets: Packet[] = [];
		const at = this.#readStraddling(block, packets);
		if (this.#straddling.length === 0) this.#readAll(block, at, packets);
		return packets;
	}

	end(): readonly Packet[] {
		noteUndescribed(this.#report, this.#packets.undescribed);
		if (!this.#stopped) {
			noteEnd(
				this.#report,
				this.#packets.frames,
				this.#offset,
				this.#straddling.length,
			);
		}
		return NOTHING;
	}

	#readAll(bytes: Buffer, from: number, packets: Packet[]): void {
		let at = from;
		while (at < bytes.length && !this.#stopped) {
			const next = this.#packets.readEnhanced(bytes, at, packets);
			this.#offset += next - at;
			at = next;
			if (at === bytes.length) return;
			const needed = this.#needed(bytes, at, bytes.length - at);
			if (this.#stopped) return;
			if (at + needed > bytes.length) {
				this.#straddling.begin(bytes.subarray(at));
				return;
			}
			this.#read(bytes, at, needed, packets);
			at += needed;
		}
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
		const length = this.#packets.uint32(bytes, at + 4);
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
		if (int32LE(bytes, at + 8) === BYTE_ORDER_MAGIC)
			this.#packets.littleEndian = true;
		else if (int32(bytes, at + 8) === BYTE_ORDER_MAGIC) {
			this.#packets.littleEndian = false;
		} else this.#stop("starts a section without a byte order");
	}

	/** Reads a whole block. */
	#read(bytes: Buffer, at: number, length: number, packets: Packet[]): void {
		const behind = this.#packets.uint32(bytes, at + length - TRAILER_LENGTH);
		if (behind !== length) {
			this.#stop(`is ${length} bytes long by its start, ${behind} by its end`);
		} else if (this.#packets.uint32(bytes, at) === SECTION_HEADER) {
			this.#startSection(bytes, at, length);
		} else {
			const fault = this.#packets.read(bytes, at, length, packets);
			if (fault !== undefined) this.#stop(fault);
		}
		this.#offset += length;
	}

	#startSection(bytes: Buffer, at: number, length: number): void {
		this.#packets.startSection();
		if (length < MIN_SECTION_LENGTH) {
			this.#stop(`is too short for a section header: ${length} bytes`);
			return;
		}
		const major = this.#packets.uint16(bytes, at + 12);
		if (major === 1) return;
		this.#stopped = true;
		noteOtherVersion(this.#report, this.#offset, major);
	}

	#stop(fault: BlockFault): void {
		if (this.#stopped) return;
		this.#stopped = true;
		if (typeof fault === "string") {
			noteDamagedBlock(this.#report, this.#offset, fault);
			return;
		}
		const { frame, captured, most } = fault;
		noteImpossibleLength(this.#report, frame, this.#offset, captured, most);
	}
}
