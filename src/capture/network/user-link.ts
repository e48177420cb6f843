// Packets of the link types that everybody may use for something of their own, above all what sockdump writes of Unix
// sockets: a header with the socket's path and the numbers of two processes, then what one sent the other. Each becomes a
// piece. Any other header is skipped where its length is given, and the sides are told by the types of records.

import { counted } from "../counted.js";
import { int32 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import type { Piece, Side } from "../recognition/flow.js";
import type { RecordedFlow } from "../recognition/recorded-flow.js";
import { FlowTable } from "./flow-table.js";
import {
	addPiece,
	opens,
	type PiecesLink,
	SideByRecordType,
	senderAt,
} from "./pieces-link.js";

/** LINKTYPE_USER0 to LINKTYPE_USER15. */
const FIRST_USER_LINK = 147;
const LAST_USER_LINK = 162;

/** A byte, the path, who receives, who sends. */
const PATH_AT = 1;
const PATH_LENGTH = 108;
const HEADER_LENGTH = 125;
/** Before there was a path in it, the header was the last 16 bytes of these. */
const OLD_HEADER_LENGTH = 16;
/** Process numbers are less than this on Linux, in fields of eight bytes. */
const MAX_PID = 2 ** 22;

/** Whether it is one of these link types. */
export function isUserLink(linkType: number): boolean {
	return linkType >= FIRST_USER_LINK && linkType <= LAST_USER_LINK;
}

/** Makes pieces of the packets of one such link type. */
export class UserLink implements PiecesLink {
	readonly #linkType: number;
	readonly #skip: number | undefined;
	readonly #flows = new FlowTable();
	readonly #sides = new SideByRecordType();
	#unknown = 0;
	#cut = 0;

	/** `skip` is the length of the header, where it is not sockdump's. */
	constructor(linkType: number, skip: number | undefined) {
		this.#linkType = linkType;
		this.#skip = skip;
	}

	take(packet: Packet, pieces: Piece[]): void {
		const length = this.#skip ?? headerLength(packet);
		if (length === undefined) {
			this.#unknown++;
		} else if (packet.start + length > packet.end) {
			this.#cut++;
		} else if (length === headerLength(packet)) {
			this.#takeSockdump(packet, length, pieces);
		} else {
			const at = packet.start + length;
			const flow = this.#flows.get("") ?? this.#flows.add("", {});
			const side = this.#sides.sideOf(packet, at);
			addPiece(flow, side, packet, at, pieces);
		}
	}

	remarks(): readonly string[] {
		const remarks: string[] = [];
		if (this.#unknown > 0) {
			remarks.push(
				`${counted(this.#unknown, "packet")} of link type ${this.#linkType} without the header of sockdump left out: --skip N says how long the header is`,
			);
		}
		if (this.#cut > 0) {
			remarks.push(
				`${counted(this.#cut, "packet")} of link type ${this.#linkType} left out: shorter than their header`,
			);
		}
		if (this.#flows.forgotten > 0) {
			remarks.push(
				`${counted(this.#flows.forgotten, "idle conversation")} given up, as there were more than ${this.#flows.limit} at a time`,
			);
		}
		return remarks;
	}

	/**
	 * A conversation is known by the path and by who was seen first to send on it. The other end may send under another
	 * number than it receives: a server's parent process listens, and its children answer.
	 */
	#takeSockdump(packet: Packet, length: number, pieces: Piece[]): void {
		const { bytes, start } = packet;
		const at = start + length;
		const path = length === HEADER_LENGTH ? pathAt(bytes, start + PATH_AT) : "";
		const receiver = int32(bytes, at - 12) >>> 0;
		const sender = int32(bytes, at - 4) >>> 0;
		let side: Side = 1;
		let flow: RecordedFlow | undefined = this.#flows.get(`${receiver} ${path}`);
		if (flow === undefined) {
			side = 0;
			const key = `${sender} ${path}`;
			flow = this.#flows.get(key);
			// The path is that of the socket on which the application listens.
			const ends = [`pid ${sender}`, `pid ${receiver}`] as [string, string];
			if (path !== "") {
				ends[senderAt(packet, at) === "application" ? 0 : 1] = path;
			}
			flow ??= this.#flows.add(key, {
				addresses: ends,
				startKnown: opens(packet, at),
			});
		}
		addPiece(flow, side, packet, at, pieces);
	}
}

/** The length of sockdump's header; undefined where there is none. */
function headerLength({ bytes, start, end }: Packet): number | undefined {
	for (const length of [HEADER_LENGTH, OLD_HEADER_LENGTH]) {
		const at = start + length;
		if (at > end) continue;
		if (!isPid(bytes, at - 16) || !isPid(bytes, at - 8)) continue;
		if (int32(bytes, at - 4) === 0) continue;
		if (length === HEADER_LENGTH && !isPath(bytes, start + PATH_AT)) continue;
		return length;
	}
	return undefined;
}

function isPid(bytes: Buffer, at: number): boolean {
	return int32(bytes, at) === 0 && int32(bytes, at + 4) >>> 0 <= MAX_PID;
}

/** Whether there is a path, and nothing but zeros behind it; one in the abstract namespace starts with a zero. */
function isPath(bytes: Buffer, at: number): boolean {
	let i = at + (bytes[at] === 0 ? 1 : 0);
	const end = at + PATH_LENGTH;
	while (i < end && (bytes[i] as number) >= 0x20) i++;
	while (i < end && bytes[i] === 0) i++;
	return i === end;
}

function pathAt(bytes: Buffer, at: number): string {
	const abstract = bytes[at] === 0;
	const from = abstract ? at + 1 : at;
	const zero = bytes.indexOf(0, from);
	const end = zero === -1 ? at + PATH_LENGTH : Math.min(zero, at + PATH_LENGTH);
	const name = bytes.toString("latin1", from, end);
	return abstract && name !== "" ? `@${name}` : name;
}
