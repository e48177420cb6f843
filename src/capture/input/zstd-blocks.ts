// A zstd archive into the pieces that unpack into little: frame headers and single blocks, of which none makes more than
// 128 KiB (RFC 8878, section 3.1.1). It unpacks nothing itself, and looks at no content.

import { NOTHING, type Stage } from "../../stage.js";

/** Bytes of the window that a frame may ask for: what levels up to 20 use. Each block costs moving it. */
const MAX_WINDOW = 2 ** 25;
/** Bytes of the largest block (section 3.1.1.2.4), packed or not. */
const MAX_BLOCK_SIZE = 2 ** 17;

const FRAME_MAGIC = 0xfd2fb528;
/** Sixteen magic numbers, the lowest four bits apart, start frames of which the content is to be skipped. */
const SKIPPABLE_MAGIC = 0x184d2a50;

type Part = "frame" | "block" | "checksum" | "skippable";

/** Cuts an archive into its parts, however it comes. What cannot be one ends it, and `problem` says why. */
export class ZstdBlocks implements Stage<Uint8Array, Uint8Array> {
	/** What was pushed and not handed out. */
	#held: Uint8Array = new Uint8Array(0);
	#part: Part = "frame";
	#hasChecksum = false;
	/** Bytes of a skippable frame that are still to come. */
	#skip = 0;
	/** What is wrong with the archive; the parts in front of it were handed out. */
	problem: string | undefined;

	/** The parts that are whole, copies of the input; frames that are to be skipped are left out. */
	push(bytes: Uint8Array): readonly Uint8Array[] {
		if (this.problem !== undefined) return NOTHING;
		const all = concatenated(this.#held, bytes);
		const parts: Uint8Array[] = [];
		let at = 0;
		for (;;) {
			const length = this.#lengthOf(all, at);
			if (this.problem !== undefined) return parts;
			if (length === 0 || at + length > all.length) break;
			if (this.#part === "skippable") this.#skip -= length;
			else if (this.#part !== "frame" || !isSkippable(uint32(all, at))) {
				parts.push(new Uint8Array(all.subarray(at, at + length)));
			}
			this.#advance(all, at);
			at += length;
		}
		this.#held = new Uint8Array(all.subarray(at));
		return parts.length === 0 ? NOTHING : parts;
	}

	/** Hands out nothing; whether the archive is whole is for `whole` to say. */
	end(): readonly Uint8Array[] {
		return NOTHING;
	}

	/** Whether the archive may end here. */
	get whole(): boolean {
		return this.#part === "frame" && this.#held.length === 0;
	}

	/** Bytes of the part that starts at `at`; 0 where it takes more bytes to tell. */
	#lengthOf(all: Uint8Array, at: number): number {
		const available = all.length - at;
		switch (this.#part) {
			case "frame":
				return this.#frameHeaderLength(all, at);
			case "checksum":
				return 4;
			case "skippable":
				return Math.min(this.#skip, available);
			case "block":
				return available < 3 ? 0 : this.#blockLength(all, at);
		}
	}

	/** Goes on to what follows the part at `at`. */
	#advance(all: Uint8Array, at: number): void {
		switch (this.#part) {
			case "frame": {
				const descriptor = all[at + 4] as number;
				if (isSkippable(uint32(all, at))) {
					this.#skip = uint32(all, at + 4);
					this.#part = this.#skip > 0 ? "skippable" : "frame";
					return;
				}
				this.#hasChecksum = (descriptor & 4) !== 0;
				this.#part = "block";
				return;
			}
			case "block":
				if (((all[at] as number) & 1) === 0) return;
				this.#part = this.#hasChecksum ? "checksum" : "frame";
				return;
			case "checksum":
				this.#part = "frame";
				return;
			case "skippable":
				if (this.#skip === 0) this.#part = "frame";
		}
	}

	/** Section 3.1.1.1: magic number, descriptor, window descriptor, dictionary id, content size; 8 for a skippable frame. */
	#frameHeaderLength(all: Uint8Array, at: number): number {
		if (at + 8 > all.length) return 0;
		const magic = uint32(all, at);
		if (isSkippable(magic)) return 8;
		if (magic !== FRAME_MAGIC) {
			this.problem = "no frame where one should start";
			return 0;
		}
		const descriptor = all[at + 4] as number;
		const single = (descriptor & 0x20) !== 0;
		const sizeFlag = descriptor >> 6;
		const sizeLength = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
		const dictionaryLength = [0, 1, 2, 4][descriptor & 3] as number;
		const length = 5 + (single ? 0 : 1) + dictionaryLength + sizeLength;
		if (at + length > all.length) return 0;
		const window = single
			? contentSize(all, at + length - sizeLength, sizeLength)
			: windowSize(all[at + 5] as number);
		if (window > MAX_WINDOW) {
			this.problem = `a window of ${window} bytes, more than the ${MAX_WINDOW} there may be`;
		}
		return length;
	}

	/** Section 3.1.1.2: a bit that marks the last, two of type, 21 of size; a run of one byte has just that byte. */
	#blockLength(all: Uint8Array, at: number): number {
		const header =
			(all[at] as number) |
			((all[at + 1] as number) << 8) |
			((all[at + 2] as number) << 16);
		const type = (header >> 1) & 3;
		const size = header >> 3;
		if (type === 3 || size > MAX_BLOCK_SIZE) {
			this.problem = "a block header that cannot be";
		}
		return 3 + (type === 1 ? 1 : size);
	}
}

function windowSize(descriptor: number): number {
	const base = 2 ** (10 + (descriptor >> 3));
	return base + (base / 8) * (descriptor & 7);
}

function contentSize(all: Uint8Array, at: number, length: number): number {
	let size = 0;
	for (let i = length - 1; i >= 0; i--) size = size * 256 + (all[at + i] ?? 0);
	return length === 2 ? size + 256 : size;
}

function isSkippable(magic: number): boolean {
	return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

function uint32(all: Uint8Array, at: number): number {
	return (
		((all[at] as number) |
			((all[at + 1] as number) << 8) |
			((all[at + 2] as number) << 16) |
			((all[at + 3] as number) << 24)) >>>
		0
	);
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
	if (a.length === 0) return b;
	const both = new Uint8Array(a.length + b.length);
	both.set(a);
	both.set(b, a.length);
	return both;
}
