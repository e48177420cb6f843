// One direction of a TCP connection: its segments as they were captured (late, twice, overlapping, in part, or not at
// all) become its bytes in order, each handed out once (RFC 9293, section 3.4). Sequence numbers are 32 bits that wrap:
// they are compared by the sign of their difference.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { Closing } from "../../inspect/chunk.js";
import type { Packet } from "../packet/packet.js";
import {
	type Flow,
	Piece,
	type Side,
	type StreamStart,
} from "../recognition/flow.js";
import {
	type HeldInTotal,
	type HeldSegment,
	HeldSegments,
} from "./held-segments.js";
import { FLAG_FIN, type TcpSegment } from "./tcp.js";

/** The largest distance that sequence numbers can have within a connection: the largest window (RFC 7323, 2.3). */
const MAX_WINDOW = 2 ** 30;

/** What all streams of a capture hold together, and what they had to leave. */
export interface StreamTotals extends HeldInTotal {
	/** Segments with payload whose sequence numbers fit no window. */
	outsideWindow: number;
	/** Segments with payload behind the end that their sender had announced. */
	behindEnd: number;
	/** Holes given up because too much was held behind them; what fills them later is left. */
	holesGivenUp: number;
}

/** Nothing held yet. */
export function newTotals(): StreamTotals {
	return { heldBytes: 0, outsideWindow: 0, behindEnd: 0, holesGivenUp: 0 };
}

/** The connection that a stream belongs to. */
export interface StreamOwner extends Flow {
	/** The packet that was its last so far. */
	readonly lastFrame: number;
	/** Unix seconds of that packet; undefined where the input has no times. */
	readonly lastTimestamp: number | undefined;
	readonly streams: readonly [TcpStream, TcpStream];
}

/** The bytes that one side sends, put in order. */
export class TcpStream implements StreamStart {
	/** Whether `next` is known. */
	started = false;
	/** Whether `first` is the sequence number of the stream's first byte, and not merely of the first that was seen. */
	startKnown = false;
	first = 0;
	/** Sequence number of the next byte to hand out. */
	next = 0;
	/** Whether a packet of this direction was seen. */
	seen = false;
	/** How the side ended it, once that was handed out. */
	ended: Closing | undefined;
	/** Bytes from `first` to `next`: more than 32 bits have on a long connection. */
	#passed = 0;
	/** All before it has reached the peer. */
	#acknowledged = 0;
	/** None of them starts at `next`. */
	readonly #held: HeldSegments;

	constructor(
		readonly flow: StreamOwner,
		readonly side: Side,
		readonly totals: StreamTotals,
	) {
		this.#held = new HeldSegments(totals);
	}

	/** Says where the stream begins. */
	begin(sequence: number): void {
		this.#startAt(sequence);
		this.startKnown = true;
	}

	/** Says how far it had come when it was first heard of: what comes behind a hole from there on is known to. */
	guess(sequence: number): void {
		this.#startAt(sequence);
	}

	/** Takes a segment with payload or FIN, of a stream that has started, and adds to `pieces` what it completes. */
	take(packet: Packet, segment: TcpSegment, pieces: Piece[]): void {
		if (this.ended !== undefined) {
			const behind = (segment.sequence - this.next) | 0;
			if (behind >= 0 && segment.payloadLength > 0) this.totals.behindEnd++;
			return;
		}
		const fin = (segment.flags & FLAG_FIN) !== 0;
		let ahead = (segment.sequence - this.next) | 0;
		if (ahead < 0 && this.#isFirst(ahead, segment.payloadLength, fin)) {
			const acknowledged = this.#acknowledged;
			this.#startAt(segment.sequence);
			this.#acknowledged = acknowledged;
			ahead = 0;
		}
		if (ahead > 0) {
			if (ahead <= MAX_WINDOW) this.#hold(packet, segment, fin, pieces);
			else if (segment.payloadLength > 0) this.totals.outsideWindow++;
			return;
		}
		if (isOld(ahead, segment.payloadLength, fin)) return;
		this.#handOut(
			packet.bytes,
			segment.payloadAt,
			segment.capturedLength,
			segment.payloadLength,
			(this.next - segment.sequence) | 0,
			fin,
			packet.timestamp,
			packet.frame,
			0,
			pieces,
		);
		if (this.#held.length > 0) this.#release(this.next, pieces);
	}

	/**
	 * Notes, of a stream that has started, that the peer has all bytes before `sequence`: a hole in front of it is none
	 * on the wire. Bytes that no segment brought are given up where the peer `speaks` while it says so, as what it says
	 * may be the answer to them; without that, the capture may just have the acknowledgment before the segment.
	 */
	acknowledge(sequence: number, speaks: boolean, pieces: Piece[]): void {
		if (((sequence - this.#acknowledged) | 0) > 0) {
			if (((sequence - this.next) | 0) > MAX_WINDOW) return;
			this.#acknowledged = sequence;
			if (this.#held.length > 0) this.#release(sequence, pieces);
		}
		if (speaks) this.#noteUnseen(this.#acknowledged, pieces);
	}

	/** Whether a segment that starts at `sequence` can belong to this stream, late or in time. */
	canHave(sequence: number): boolean {
		const ahead = (sequence - this.next) | 0;
		if (ahead > 0) return this.ended === undefined && ahead <= MAX_WINDOW;
		// A keep-alive probe has the sequence number of the byte before.
		return ahead >= -1 - this.#passed;
	}

	/** Hands out all that is held: nothing will come that fills its holes. */
	giveUpHoles(pieces: Piece[]): void {
		const last = this.#held.last;
		if (last !== undefined) this.#release(last.sequence, pieces);
		if (this.started) this.#noteUnseen(this.#acknowledged, pieces);
	}

	/**
	 * Ends the stream with a reset by its side, which has sent all before `sequence`. One more than the bytes is a FIN that
	 * was lost: behind it, a reset says nothing new.
	 */
	reset(packet: Packet, sequence: number, pieces: Piece[]): void {
		if (this.ended !== undefined) return;
		this.giveUpHoles(pieces);
		if (this.ended !== undefined) return;
		const missing = this.started ? (sequence - this.next) | 0 : 0;
		this.ended = missing === 1 ? "fin" : "rst";
		const lost = missing > 1 ? missing : 0;
		this.next = (this.next + lost) | 0;
		this.#passed += lost;
		const { timestamp, frame } = packet;
		this.#push(NO_BYTES, timestamp, frame, lost, this.ended, pieces);
	}

	/** Ends the stream with a FIN that no segment brought, where the peer, which now ends its own, has acknowledged one. */
	noteUnseenEnd(pieces: Piece[]): void {
		if (this.ended !== undefined || this.#held.length > 0) return;
		if (((this.#acknowledged - this.next) | 0) !== 1) return;
		this.ended = "fin";
		const { lastTimestamp, lastFrame } = this.flow;
		this.#push(NO_BYTES, lastTimestamp, lastFrame, 0, "fin", pieces);
	}

	/** Forgets what is held. */
	forget(): void {
		this.#held.forget();
	}

	/** Whether a segment behind `next` is the first of a stream that was heard of before any of its bytes came. */
	#isFirst(ahead: number, length: number, fin: boolean): boolean {
		if (this.startKnown || this.#passed > 0) return false;
		// A keep-alive probe has the sequence number of the byte before, and that byte or none.
		return fin || length > 1 || (length === 1 && ahead < -1);
	}

	/** Tells what of this stream the peer had when it sent a segment that was held until now, and no segment brought. */
	#noteAnswered({ acknowledgment, fin }: HeldSegment, pieces: Piece[]): void {
		if (acknowledgment === undefined || this.#held.length > 0) return;
		// What was not believed when it came is not believed now.
		if (((acknowledgment - this.#acknowledged) | 0) > 0) return;
		this.#noteUnseen(acknowledgment, pieces);
		if (fin) this.noteUnseenEnd(pieces);
	}

	/** Counts as missing what the peer has, up to `until`, and no segment brought. */
	#noteUnseen(until: number, pieces: Piece[]): void {
		if (this.ended !== undefined) return;
		const missing = (until - this.next) | 0;
		// One more than the bytes is the FIN, which was lost as well.
		if (missing <= 1) return;
		this.next = until;
		this.#passed += missing;
		const { lastTimestamp, lastFrame } = this.flow;
		this.#push(NO_BYTES, lastTimestamp, lastFrame, missing, undefined, pieces);
	}

	#startAt(sequence: number): void {
		this.first = this.next = this.#acknowledged = sequence;
		this.started = true;
	}

	/** Hands out a segment without its first `skip` bytes, and says how much of it was not captured. */
	#handOut(
		source: Buffer,
		at: number,
		captured: number,
		length: number,
		skip: number,
		fin: boolean,
		timestamp: number | undefined,
		frame: number,
		missingBefore: number,
		pieces: Piece[],
	): void {
		this.next = (this.next + length - skip) | 0;
		this.#passed += length - skip + missingBefore;
		const closes = fin ? "fin" : undefined;
		const bytes =
			captured > skip ? source.subarray(at + skip, at + captured) : NO_BYTES;
		const cut = length - skip - bytes.length;
		if (cut === 0) {
			this.#push(bytes, timestamp, frame, missingBefore, closes, pieces);
		} else if (bytes.length === 0) {
			this.#push(bytes, timestamp, frame, missingBefore + cut, closes, pieces);
		} else {
			this.#push(bytes, timestamp, frame, missingBefore, undefined, pieces);
			this.#push(NO_BYTES, timestamp, frame, cut, closes, pieces);
		}
		if (fin) {
			this.ended = "fin";
			this.forget();
		}
	}

	#push(
		bytes: Buffer,
		timestamp: number | undefined,
		frame: number,
		missingBefore: number,
		closes: Closing | undefined,
		pieces: Piece[],
	): void {
		pieces.push(
			new Piece(
				this.flow,
				this.side,
				timestamp,
				bytes,
				frame,
				missingBefore,
				closes,
			),
		);
	}

	#hold(
		packet: Packet,
		segment: TcpSegment,
		fin: boolean,
		pieces: Piece[],
	): void {
		if (!this.#held.add(packet, segment, fin)) return;
		this.#release(this.#acknowledged, pieces);
		while (this.#held.tooMuch) {
			this.totals.holesGivenUp++;
			this.#release(this.#held.at(0).sequence, pieces);
		}
	}

	/** Hands out held segments in order; a hole is given up where the segment behind it starts at or before `until`. */
	#release(until: number, pieces: Piece[]): void {
		let released = 0;
		for (; released < this.#held.length; released++) {
			const held = this.#held.at(released);
			const hole = (held.sequence - this.next) | 0;
			if (hole > 0 && ((held.sequence - until) | 0) > 0) break;
			this.#held.discount(held);
			if (isOld(hole, held.length, held.fin)) continue;
			this.flow.streams[this.side === 0 ? 1 : 0].#noteAnswered(held, pieces);
			if (hole > 0) this.next = held.sequence;
			this.#handOut(
				held.bytes,
				0,
				held.bytes.length,
				held.length,
				Math.max((this.next - held.sequence) | 0, 0),
				held.fin,
				held.timestamp,
				held.frame,
				Math.max(hole, 0),
				pieces,
			);
			if (this.ended !== undefined) return;
		}
		if (released > 0) this.#held.drop(released);
	}
}

/** Whether all of a segment that starts `ahead` of the next byte was handed out before. */
function isOld(ahead: number, length: number, fin: boolean): boolean {
	const rest = length + ahead;
	return rest < 0 || (rest === 0 && !fin);
}
