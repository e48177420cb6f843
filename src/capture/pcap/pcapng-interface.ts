// An Interface Description Block becomes what packets of that interface need: their link type, the snap length, and how
// their timestamps count (draft-ietf-opsawg-pcapng, section 4.2). It knows nothing of packets.

import { int32, int32LE } from "../packet/byte-order.js";

/** Bytes of the block in front of its options. */
export const INTERFACE_HEADER_LENGTH = 16;

/** Codes of the options that are read; all others are stepped over. */
const END_OF_OPTIONS = 0;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

const OPTION_HEADER_LENGTH = 4;
const MICROSECONDS = 6;

/** What captured packets, and when their timestamps are. */
export class CapturedInterface {
	/** Captured bytes at which packets were cut; 0 where they were not. */
	readonly snapLength: number;
	/** LINKTYPE number. */
	readonly linkType: number;
	/** Parts of a second that timestamps count. */
	readonly #partsPerSecond: bigint;
	readonly #parts: number;
	/** Seconds to add to each timestamp. */
	readonly #offset: number;
	/** The upper half of the last timestamp, which stays the same for long, in seconds and what is left of a second. */
	#high = 0;
	#highSeconds: number;
	#highRest = 0;

	/** Reads the block from `at` to `end`, its trailing length not included. */
	constructor(bytes: Buffer, at: number, end: number, littleEndian: boolean) {
		const first = (bytes[at + 8] as number) | 0;
		const second = bytes[at + 9] as number;
		this.linkType = littleEndian
			? first | (second << 8)
			: (first << 8) | second;
		this.snapLength = uint32(bytes, at + 12, littleEndian);
		const { resolution, offset } = readOptions(bytes, at, end, littleEndian);
		this.#partsPerSecond = partsPerSecond(resolution);
		this.#parts = Number(this.#partsPerSecond);
		this.#offset = offset;
		this.#highSeconds = offset;
	}

	/**
	 * Unix seconds of a timestamp that is given in two halves, exact to what a number can hold of them. Zero is what packets
	 * without times have where a block needs one, such as those that Wireshark or this program writes anew.
	 */
	seconds(high: number, low: number): number | undefined {
		if (high === 0 && low === 0 && this.#offset === 0) return undefined;
		if (high !== this.#high) this.#takeHigh(high);
		return this.#highSeconds + (this.#highRest + low) / this.#parts;
	}

	/** More than 53 bits, and so not a calculation with numbers; but a rare one. */
	#takeHigh(high: number): void {
		const parts = BigInt(high) << 32n;
		this.#high = high;
		this.#highSeconds = this.#offset + Number(parts / this.#partsPerSecond);
		this.#highRest = Number(parts % this.#partsPerSecond);
	}
}

/** `if_tsresol`: a negative power of ten, or of two where the highest bit is set. */
function partsPerSecond(resolution: number): bigint {
	const power = BigInt(resolution & 0x7f);
	return (resolution & 0x80) === 0 ? 10n ** power : 2n ** power;
}

/** What the options say of timestamps. Each is stepped over by its length, which the block's end bounds. */
function readOptions(
	bytes: Buffer,
	at: number,
	end: number,
	littleEndian: boolean,
): { readonly resolution: number; readonly offset: number } {
	let resolution = MICROSECONDS;
	let offset = 0;
	let option = at + INTERFACE_HEADER_LENGTH;
	while (option + OPTION_HEADER_LENGTH <= end) {
		const word = uint32(bytes, option, littleEndian);
		const code = littleEndian ? word & 0xffff : word >>> 16;
		const length = littleEndian ? word >>> 16 : word & 0xffff;
		const value = option + OPTION_HEADER_LENGTH;
		if (code === END_OF_OPTIONS || value + length > end) break;
		if (code === IF_TSRESOL && length >= 1) resolution = bytes[value] as number;
		if (code === IF_TSOFFSET && length >= 8) {
			offset = int64(bytes, value, littleEndian);
		}
		option = value + length + (-length & 3);
	}
	return { resolution, offset };
}

function uint32(bytes: Buffer, at: number, littleEndian: boolean): number {
	return (littleEndian ? int32LE(bytes, at) : int32(bytes, at)) >>> 0;
}

function int64(bytes: Buffer, at: number, littleEndian: boolean): number {
	return littleEndian
		? int32LE(bytes, at + 4) * 2 ** 32 + (int32LE(bytes, at) >>> 0)
		: int32(bytes, at) * 2 ** 32 + (int32(bytes, at + 4) >>> 0);
}
