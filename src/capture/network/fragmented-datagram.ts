// A datagram of which fragments come, in any order, some perhaps twice: what there is of it so far.

import type { Packet } from "../packet/packet.js";
import type { Fragment } from "./fragment.js";

/** What holding a part costs besides its bytes: it bounds the number of small ones. */
const PART_COST = 256;

/** Bytes of the payload that one fragment brought first. */
interface Part {
	readonly start: number;
	readonly end: number;
	/** A copy of those that were captured: fewer than there are, where a snap length cut them. */
	readonly bytes: Buffer;
}

/** The parts of a datagram. */
export class FragmentedDatagram {
	/** Fragments that belong to it. */
	fragments = 0;
	/** Bytes that holding it takes. */
	cost = 0;
	/** Whether it was put together, and is kept only to know late copies of its fragments. */
	done = false;
	/** In order, none overlapping. */
	#parts: Part[] = [];
	#covered = 0;
	/** Bytes of payload; known from the last fragment. */
	#length: number | undefined;
	/** A copy of the header of its first fragment. */
	#header: Buffer | undefined;
	#protocol = 0;
	#since: number | undefined;
	#sinceFrame: number;

	/** `packet` is the one of its first fragment to come. */
	constructor({ timestamp, frame }: Packet) {
		this.#since = timestamp;
		this.#sinceFrame = frame;
	}

	/** Whether all of it is there. */
	get complete(): boolean {
		return (
			this.#header !== undefined &&
			this.#length !== undefined &&
			this.#covered >= this.#length &&
			this.#parts.every(
				({ start }, i) => start === (this.#parts[i - 1]?.end ?? 0),
			)
		);
	}

	/** Whether it began, or was done, more than that before `packet`. */
	isOlder(packet: Packet, seconds: number, packets: number): boolean {
		if (packet.timestamp === undefined || this.#since === undefined) {
			return packet.frame - this.#sinceFrame > packets;
		}
		return packet.timestamp - this.#since > seconds;
	}

	/** Adds what the fragment brings that is not there yet; returns whether it contradicts what is. */
	add(fragment: Fragment): boolean {
		this.fragments++;
		if (fragment.offset === 0 && this.#header === undefined) {
			this.#header = Buffer.from(fragment.header);
			this.#protocol = fragment.protocol;
			this.cost += PART_COST;
		}
		if (fragment.isLast) this.#length ??= fragment.offset + fragment.length;
		const end = fragment.offset + fragment.length;
		let contradicts = false;
		let from = fragment.offset;
		for (let i = this.#firstBehind(from); from < end; i++) {
			const next = this.#parts[i];
			const until = Math.min(end, next?.start ?? end);
			if (until > from) {
				this.#insert(i, from, until, fragment);
				i++;
			}
			if (next === undefined) break;
			contradicts ||= differ(next, fragment);
			from = Math.max(from, next.end);
		}
		return contradicts;
	}

	/** The datagram without a trace of having been fragmented, as far as it was captured without a hole. */
	assembled(): { readonly bytes: Buffer; readonly originalLength: number } {
		const header = this.#header as Buffer;
		const payload = this.#length as number;
		const parts: Buffer[] = [header];
		for (const { start, end, bytes } of this.#parts) {
			parts.push(bytes);
			if (bytes.length < end - start) break;
		}
		const bytes = Buffer.concat(parts);
		if ((header[0] as number) >> 4 === 4) {
			const length = header.length + payload;
			// Too large for its field: then 0 stands for all there is.
			bytes.writeUInt16BE(length > 0xffff ? 0 : length, 2);
			bytes.writeUInt16BE(0, 6);
		} else {
			bytes.writeUInt16BE(payload, 4);
			bytes[6] = this.#protocol;
		}
		return { bytes, originalLength: header.length + payload };
	}

	/** Forgets its parts. */
	finish({ timestamp, frame }: Packet): void {
		this.done = true;
		this.cost = 0;
		this.#parts = [];
		this.#header = undefined;
		this.#since = timestamp;
		this.#sinceFrame = frame;
	}

	/** Index of the first part that ends behind `offset`. */
	#firstBehind(offset: number): number {
		let from = 0;
		let to = this.#parts.length;
		while (from < to) {
			const middle = (from + to) >> 1;
			if ((this.#parts[middle] as Part).end <= offset) from = middle + 1;
			else to = middle;
		}
		return from;
	}

	#insert(at: number, start: number, end: number, fragment: Fragment): void {
		const { bytes, offset } = fragment;
		const copy = Buffer.from(bytes.subarray(start - offset, end - offset));
		this.#parts.splice(at, 0, { start, end, bytes: copy });
		this.#covered += end - start;
		this.cost += copy.length + PART_COST;
	}
}

/** Whether the bytes of both differ where they overlap. */
function differ(part: Part, { offset, bytes }: Fragment): boolean {
	const from = Math.max(part.start, offset);
	const to = Math.min(part.start + part.bytes.length, offset + bytes.length);
	return (
		to > from &&
		part.bytes
			.subarray(from - part.start, to - part.start)
			.compare(bytes.subarray(from - offset, to - offset)) !== 0
	);
}
