// The bytes of a classic pcap capture that arrives on a pipe become packets, by way of the npm package pcap-parser: its
// only door. The package is driven synchronously, as the stage that it is not, and what it lacks is added: the
// nanosecond magic, a bound on captured lengths, a word on a truncated end. Its contract is that of `PcapReader`.

import { parse } from "pcap-parser";
import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { MAX_CAPTURED_LENGTH, type Packet } from "../packet/packet.js";
import {
	FILE_HEADER_LENGTH,
	linkTypeOf,
	PACKET_HEADER_LENGTH,
	pcapForm,
} from "./pcap-header.js";
import { noteEnd, noteImpossibleLength } from "./pcap-remarks.js";

/** Reads a pcap capture as it arrives, cut anywhere. The packets of one push are views that last until the next. */
export class PcapStreamReader implements Stage<Buffer, Packet> {
	readonly #report: SourceReport;
	readonly #input = new PushedInput();
	readonly #parser = parse(this.#input);
	#packets: Packet[] = [];
	#partsPerSecond = 1_000_000;
	#linkType = 0;
	#stopped = false;
	#frames = 0;
	/** Where in the capture the next header or packet starts. */
	#offset = 0;
	/** Bytes that the parser waits for, and those that are there: it would copy all of them for each piece. */
	#needed = FILE_HEADER_LENGTH;
	#pieces: Buffer[] = [];
	#pending = 0;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
		this.#listen();
	}

	push(piece: Buffer): readonly Packet[] {
		if (this.#stopped || piece.length === 0) return NOTHING;
		this.#pending += piece.length;
		if (this.#pending < this.#needed) {
			this.#pieces.push(Buffer.from(piece));
			return NOTHING;
		}
		const bytes =
			this.#pieces.length === 0
				? piece
				: Buffer.concat([...this.#pieces, piece], this.#pending);
		this.#packets = [];
		this.#feed(bytes);
		return this.#packets;
	}

	end(): readonly Packet[] {
		if (this.#stopped) return NOTHING;
		const inHeader =
			this.#needed === PACKET_HEADER_LENGTH || this.#offset === 0;
		const has = this.#pending + (inHeader ? 0 : PACKET_HEADER_LENGTH);
		noteEnd(this.#report, this.#frames, this.#offset, has);
		return NOTHING;
	}

	/** Lets the parser have the bytes, and takes back what it could not use yet: it would keep it as a view. */
	#feed(bytes: Buffer): void {
		let rest = bytes;
		if (this.#offset === 0) {
			this.#feedFileHeader(bytes);
			rest = bytes.subarray(FILE_HEADER_LENGTH);
		}
		if (rest.length > 0 && !this.#stopped) this.#input.emit(rest);
		const left = this.#parser.buffer;
		this.#parser.buffer = null;
		this.#pending = left?.length ?? 0;
		this.#pieces =
			left === null || left.length === 0 ? [] : [Buffer.from(left)];
	}

	/** The parser knows one magic number, in two byte orders, and one version. */
	#feedFileHeader(bytes: Buffer): void {
		const form = pcapForm(bytes);
		if (form === undefined || form.modified) {
			this.#stopped = true;
			this.#report.remarks.push("not a classic pcap file");
			return;
		}
		this.#partsPerSecond = form.partsPerSecond;
		const header = Buffer.from(bytes.subarray(0, FILE_HEADER_LENGTH));
		if (form.littleEndian) {
			header.writeUInt32LE(0xa1b2c3d4, 0);
			header.writeUInt16LE(2, 4);
			header.writeUInt16LE(4, 6);
		} else {
			header.writeUInt32BE(0xa1b2c3d4, 0);
			header.writeUInt16BE(2, 4);
			header.writeUInt16BE(4, 6);
		}
		this.#input.emit(header);
		this.#parser.buffer = null;
	}

	#listen(): void {
		this.#parser.on("globalHeader", (header) => {
			this.#linkType = linkTypeOf(header.linkLayerType);
			this.#offset = FILE_HEADER_LENGTH;
			this.#needed = PACKET_HEADER_LENGTH;
		});
		this.#parser.on("packetHeader", ({ capturedLength }) => {
			if (this.#stopped) return;
			this.#needed = capturedLength;
			if (capturedLength <= MAX_CAPTURED_LENGTH) return;
			this.#stopped = true;
			const frame = this.#frames + 1;
			noteImpossibleLength(this.#report, frame, this.#offset, capturedLength);
		});
		this.#parser.on("packet", ({ header, data }) => {
			if (this.#stopped) return;
			this.#offset += PACKET_HEADER_LENGTH + header.capturedLength;
			this.#needed = PACKET_HEADER_LENGTH;
			this.#packets.push({
				frame: ++this.#frames,
				timestamp:
					header.timestampSeconds +
					header.timestampMicroseconds / this.#partsPerSecond,
				linkType: this.#linkType,
				bytes: data,
				start: 0,
				end: data.length,
				originalLength: header.originalLength,
			});
		});
	}
}

/** The stream that the parser takes it for: what is emitted is parsed before `emit` returns. */
class PushedInput {
	#listener: (bytes: Buffer) => void = () => {};

	emit(bytes: Buffer): void {
		this.#listener(bytes);
	}
	on(event: string, listener: (bytes: Buffer) => void): void {
		if (event === "data") this.#listener = listener;
	}
	pause(): void {}
	resume(): void {}
}
