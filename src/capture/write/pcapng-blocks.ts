// The blocks of a pcapng file, written: the section's header, interfaces, and packets with comments
// (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3). It knows nothing of what packets hold.

import { BlockSpace } from "./block-space.js";

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;

/** Options (sections 3.5, 4.1 and 4.2). */
const END_OF_OPTIONS = 0;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;

/** Timestamps count microseconds: what a time as a double is exact to. */
const MICROSECONDS = 6;
/** What dumpcap says where packets are not cut; no packet here is longer. */
const SNAP_LENGTH = 262_144;

/** Bytes of an enhanced packet block in front of the captured ones, and of the length behind. */
const PACKET_HEADER_LENGTH = 28;
const TRAILER_LENGTH = 4;
const OPTION_HEADER_LENGTH = 4;

/** The value of an option is at most so long (section 3.5). */
export const MAX_OPTION_LENGTH = 65_535;

/** What is said of an interface. */
export interface WrittenInterface {
	readonly linkType: number;
	readonly name: string;
	readonly description: string;
}

/** A packet, but for its bytes. */
export interface PacketHead {
	readonly interfaceId: number;
	/** Microseconds since 1970. */
	readonly time: number;
	/** Bytes that are there, and bytes that there were. */
	readonly captured: number;
	readonly original: number;
	/** Comments in UTF-8, each of at most {@link MAX_OPTION_LENGTH} bytes. */
	readonly comments: readonly Buffer[];
}

/** Writes blocks; `space.take()` hands them out. */
export class PcapngBlocks {
	readonly space = new BlockSpace();
	#interfaces = 0;

	/** Begins the file; `application` is who writes it. */
	section(application: string): void {
		const options = [option(SHB_USERAPPL, Buffer.from(application))];
		const body = Buffer.alloc(16);
		body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
		body.writeUInt16LE(1, 4);
		// Nobody knows how long the section will be.
		body.fill(0xff, 8, 16);
		this.#block(SECTION_HEADER, [body, ...options, endOfOptions()]);
	}

	/** Describes an interface, and returns the number by which packets name it. */
	interface({ linkType, name, description }: WrittenInterface): number {
		const body = Buffer.alloc(8);
		body.writeUInt16LE(linkType, 0);
		body.writeUInt32LE(SNAP_LENGTH, 4);
		this.#block(INTERFACE_DESCRIPTION, [
			body,
			option(IF_NAME, Buffer.from(name)),
			option(IF_DESCRIPTION, Buffer.from(description)),
			option(IF_TSRESOL, Buffer.from([MICROSECONDS])),
			endOfOptions(),
		]);
		return this.#interfaces++;
	}

	/** Makes room for a packet and writes all of its block but its bytes; they go to the place in `space` that is returned. */
	packet(head: PacketHead): number {
		const { captured, comments } = head;
		const padded = (captured + 3) & ~3;
		const length =
			PACKET_HEADER_LENGTH +
			padded +
			(comments.length === 0 ? 0 : optionsLength(comments)) +
			TRAILER_LENGTH;
		const at = this.space.reserve(length);
		const { words, bytes } = this.space;
		if (LITTLE_ENDIAN) {
			const word = at >>> 2;
			words[word] = ENHANCED_PACKET;
			words[word + 1] = length;
			words[word + 2] = head.interfaceId;
			words[word + 3] = head.time / 2 ** 32;
			words[word + 4] = head.time;
			words[word + 5] = captured;
			words[word + 6] = head.original;
			words[word + (length >>> 2) - 1] = length;
		} else {
			bytes.writeUInt32LE(ENHANCED_PACKET, at);
			bytes.writeUInt32LE(length, at + 4);
			bytes.writeUInt32LE(head.interfaceId, at + 8);
			bytes.writeUInt32LE(Math.floor(head.time / 2 ** 32), at + 12);
			bytes.writeUInt32LE(head.time % 2 ** 32, at + 16);
			bytes.writeUInt32LE(captured, at + 20);
			bytes.writeUInt32LE(head.original, at + 24);
			bytes.writeUInt32LE(length, at + length - TRAILER_LENGTH);
		}
		const payload = at + PACKET_HEADER_LENGTH;
		for (let i = captured; i < padded; i++) bytes[payload + i] = 0;
		if (comments.length > 0) this.#comments(comments, payload + padded);
		return payload;
	}

	#comments(comments: readonly Buffer[], from: number): void {
		let at = from;
		for (const comment of comments) {
			at += option(OPT_COMMENT, comment).copy(this.space.bytes, at);
		}
		endOfOptions().copy(this.space.bytes, at);
	}

	#block(type: number, parts: readonly Buffer[]): void {
		const body = Buffer.concat(parts);
		const length = 8 + body.length + TRAILER_LENGTH;
		const at = this.space.reserve(length);
		const { bytes } = this.space;
		bytes.writeUInt32LE(type, at);
		bytes.writeUInt32LE(length, at + 4);
		body.copy(bytes, at + 8);
		bytes.writeUInt32LE(length, at + length - TRAILER_LENGTH);
	}
}

/** Whether the machine's own words are the file's. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

function optionsLength(values: readonly Buffer[]): number {
	let length = OPTION_HEADER_LENGTH;
	for (const value of values) {
		length += OPTION_HEADER_LENGTH + ((value.length + 3) & ~3);
	}
	return length;
}

function option(code: number, value: Buffer): Buffer {
	const cut = value.subarray(0, MAX_OPTION_LENGTH);
	const bytes = Buffer.alloc(OPTION_HEADER_LENGTH + ((cut.length + 3) & ~3));
	bytes.writeUInt16LE(code, 0);
	bytes.writeUInt16LE(cut.length, 2);
	cut.copy(bytes, OPTION_HEADER_LENGTH);
	return bytes;
}

function endOfOptions(): Buffer {
	return option(END_OF_OPTIONS, Buffer.alloc(0));
}
