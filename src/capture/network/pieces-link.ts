// Link types whose packets carry the bytes of conversations as they are, without TCP, and what all of them need.

import { type Peer, recordType } from "../../fastcgi/constants.js";
import { looksLikeHeader } from "../../fastcgi/header-search.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { Packet } from "../packet/packet.js";
import type { Piece, Side } from "../recognition/flow.js";
import type { RecordedFlow } from "../recognition/recorded-flow.js";

const BEGIN_REQUEST = 1;
const GET_VALUES = 9;

/** What makes pieces of the packets of a link type. */
export interface PiecesLink {
	/** Takes a packet, and adds the piece of conversation that it carries. */
	take(packet: Packet, pieces: Piece[]): void;
	/** What a person should know of packets that were left out, a line each. */
	remarks(): readonly string[];
}

/** Adds what is in the packet from `at` on, and what is missing behind it. */
export function addPiece(
	flow: RecordedFlow,
	side: Side,
	packet: Packet,
	at: number,
	pieces: Piece[],
	missingBefore = cutOf(packet, at),
): void {
	const { bytes, end, timestamp, frame } = packet;
	if (at < end) {
		pieces.push(
			flow.piece(side, bytes.subarray(at, end), { timestamp, frame }),
		);
	}
	if (missingBefore > 0) {
		pieces.push(
			flow.piece(side, NO_BYTES, { timestamp, frame, missingBefore }),
		);
	}
}

/** Bytes that a snap length has cut of what is in the packet from `at` on. */
export function cutOf(
	{ start, end, originalLength }: Packet,
	at: number,
): number {
	return start + originalLength - Math.max(at, end);
}

/** Who sends such a record, if one starts at `at`. */
export function senderAt({ bytes, end }: Packet, at: number): Peer | undefined {
	if (at + 8 > end || !looksLikeHeader(bytes, at, undefined)) return undefined;
	return recordType(bytes[at + 1] as number)?.sentBy;
}

/** Whether a conversation may start with what is at `at`: a request, or a question of the web server's. */
export function opens(packet: Packet, at: number): boolean {
	const type = packet.bytes[at + 1];
	const first = type === BEGIN_REQUEST || type === GET_VALUES;
	return first && senderAt(packet, at) === "webServer";
}

/** Tells the sides of a conversation by the types of its records, where nothing else does. */
export class SideByRecordType {
	#last: Side = 0;

	/** The side that sent the packet; what starts with no record goes on with what came before. */
	sideOf(packet: Packet, at: number): Side {
		const sender = senderAt(packet, at);
		if (sender !== undefined) this.#last = sender === "webServer" ? 0 : 1;
		return this.#last;
	}
}
