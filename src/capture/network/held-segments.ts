// The segments of one direction that came behind a hole, in the order of their sequence numbers, until it is filled or given
// up. What they cost is counted, for the stream and for all streams together.

import type { Packet } from "../packet/packet.js";
import { FLAG_ACK, type TcpSegment } from "./tcp.js";

/**
 * Bytes held behind a hole, per direction. No sender has more under way than its peer's window, which systems let grow
 * to some 6 MiB: with more than this behind it, the hole was filled and the capture has lost it.
 */
export const MAX_HELD_PER_STREAM = 8 * 2 ** 20;
/** Bytes held behind holes in all connections together: what a capture full of holes may cost in memory. */
export const MAX_HELD_IN_TOTAL = 32 * 2 ** 20;
/** What holding a segment costs besides its bytes: it bounds the number of small ones. */
const HELD_SEGMENT_COST = 512;

/** What all streams hold together. */
export interface HeldInTotal {
	heldBytes: number;
}

/** A segment behind a hole. */
export interface HeldSegment {
	readonly sequence: number;
	/** Bytes on the wire; fewer may have been captured. */
	readonly length: number;
	/** A copy of what was captured. */
	readonly bytes: Buffer;
	readonly fin: boolean;
	/** Which byte of the peer's its sender was waiting for; undefined where it does not say. */
	readonly acknowledgment: number | undefined;
	readonly timestamp: number | undefined;
	readonly frame: number;
}

/** What most streams hold at all times; never added to. */
const NONE_HELD: HeldSegment[] = [];

/** What one stream holds. */
export class HeldSegments {
	readonly #totals: HeldInTotal;
	#segments: HeldSegment[] = NONE_HELD;
	#cost = 0;

	constructor(totals: HeldInTotal) {
		this.#totals = totals;
	}

	/** How many there are. */
	get length(): number {
		return this.#segments.length;
	}

	/** The one with the highest sequence number. */
	get last(): HeldSegment | undefined {
		return this.#segments.at(-1);
	}

	/** Whether they cost more than they may. */
	get tooMuch(): boolean {
		return (
			this.#cost > MAX_HELD_PER_STREAM ||
			(this.#cost > 0 && this.#totals.heldBytes > MAX_HELD_IN_TOTAL)
		);
	}

	/** The one at this index, of which there is one. */
	at(index: number): HeldSegment {
		return this.#segments[index] as HeldSegment;
	}

	/** Adds a copy of a segment; false where nothing is new in it. */
	add(packet: Packet, segment: TcpSegment, fin: boolean): boolean {
		if (this.#segments === NONE_HELD) this.#segments = [];
		const at = this.#placeFor(segment.sequence);
		const same = this.#segments[at];
		if (
			same?.sequence === segment.sequence &&
			same.length >= segment.payloadLength &&
			(same.fin || !fin)
		) {
			return false;
		}
		const from = segment.payloadAt;
		const bytes = Buffer.from(
			packet.bytes.subarray(from, from + segment.capturedLength),
		);
		this.#segments.splice(at, 0, {
			sequence: segment.sequence,
			length: segment.payloadLength,
			bytes,
			fin,
			acknowledgment:
				(segment.flags & FLAG_ACK) === 0 ? undefined : segment.acknowledgment,
			timestamp: packet.timestamp,
			frame: packet.frame,
		});
		this.#count(bytes.length + HELD_SEGMENT_COST);
		return true;
	}

	/** Says that one is handed out: it costs nothing more. */
	discount({ bytes }: HeldSegment): void {
		this.#count(-bytes.length - HELD_SEGMENT_COST);
	}

	/** Lets the first ones go, which were handed out. */
	drop(count: number): void {
		this.#segments.splice(0, count);
	}

	/** Lets all go. */
	forget(): void {
		this.#totals.heldBytes -= this.#cost;
		this.#cost = 0;
		this.#segments = NONE_HELD;
	}

	/** Index of the first segment that does not start before `sequence`. */
	#placeFor(sequence: number): number {
		let from = 0;
		let to = this.#segments.length;
		while (from < to) {
			const middle = (from + to) >> 1;
			if (((this.at(middle).sequence - sequence) | 0) < 0) from = middle + 1;
			else to = middle;
		}
		return from;
	}

	#count(cost: number): void {
		this.#cost += cost;
		this.#totals.heldBytes += cost;
	}
}
