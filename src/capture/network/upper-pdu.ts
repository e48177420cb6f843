// Packets that Wireshark has exported from inside others: tags, each with a type, a length and a value, then a unit of the
// protocol that they name (LINKTYPE_WIRESHARK_UPPER_PDU). Those of FastCGI become pieces, a conversation for each pair of
// addresses and ports. What this program writes itself also says where streams start and end, and has bytes of no protocol.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import { counted } from "../counted.js";
import { int32, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import type { Piece, Side } from "../recognition/flow.js";
import { FlowTable } from "./flow-table.js";
import { emptyTuple, endpointText, type FourTuple } from "./four-tuple.js";
import {
	addPiece,
	cutOf,
	opens,
	type PiecesLink,
	SideByRecordType,
} from "./pieces-link.js";

const TAG_HEADER_LENGTH = 4;
/** Tags looked through before a packet is given up: Wireshark writes about ten. */
const MAX_TAGS = 64;

const END_OF_TAGS = 0;
const DISSECTOR_NAME = 12;
const HEURISTIC_NAME = 13;
const IPV4_SOURCE = 20;
const IPV4_DESTINATION = 21;
const IPV6_SOURCE = 22;
const IPV6_DESTINATION = 23;
const SOURCE_PORT = 25;
const DESTINATION_PORT = 26;
const TCP_INFO = 34;

const FIN = 1;
const SYN = 2;
const RST = 4;

/** Makes pieces of exported FastCGI. */
export class UpperPdus implements PiecesLink {
	readonly #flows = new FlowTable();
	readonly #sides = new SideByRecordType();
	readonly #tags = emptyTags();
	#otherProtocols = 0;
	#damaged = 0;

	take(packet: Packet, pieces: Piece[]): void {
		const tags = this.#tags;
		if (!readTags(packet, tags)) {
			this.#damaged++;
			return;
		}
		// Bytes that are no record stand between those that are.
		if (tags.protocol !== "fcgi" && tags.protocol !== "data") {
			this.#otherProtocols++;
			return;
		}
		const { tuple, payloadAt, flags } = tags;
		const source = endOf(tuple, "source");
		const destination = endOf(tuple, "destination");
		const empty = payloadAt === packet.end;
		const starts = (flags & SYN) !== 0;
		if (starts) {
			this.#flows.delete(`${source} ${destination}`);
			this.#flows.delete(`${destination} ${source}`);
		}
		const opened = this.#flows.get(`${destination} ${source}`);
		const turned = opened !== undefined && source !== destination;
		const flow = turned
			? opened
			: (this.#flows.get(`${source} ${destination}`) ??
				this.#flows.add(`${source} ${destination}`, {
					addresses: [source || undefined, destination || undefined],
					startKnown: starts || opens(packet, payloadAt),
					openedAt: starts && empty ? packet.timestamp : undefined,
				}));
		const side: Side =
			source === destination
				? this.#sides.sideOf(packet, payloadAt)
				: turned
					? 1
					: 0;
		const missing = missingBehind(packet, tags);
		addPiece(flow, side, packet, payloadAt, pieces, missing);
		if (empty && (flags & (FIN | RST)) !== 0) {
			const closes = (flags & RST) === 0 ? "fin" : "rst";
			const { timestamp, frame } = packet;
			pieces.push(flow.piece(side, NO_BYTES, { timestamp, frame, closes }));
		}
	}

	remarks(): readonly string[] {
		const remarks: string[] = [];
		if (this.#otherProtocols > 0) {
			remarks.push(
				`${counted(this.#otherProtocols, "exported unit")} of other protocols than fcgi left out`,
			);
		}
		if (this.#damaged > 0) {
			remarks.push(
				`${counted(this.#damaged, "packet")} with damaged or cut tags of an export left out`,
			);
		}
		if (this.#flows.forgotten > 0) {
			remarks.push(
				`${counted(this.#flows.forgotten, "idle conversation")} given up, as there were more than ${this.#flows.limit} at a time`,
			);
		}
		return remarks;
	}
}

/** What the tags of a packet say. One object is filled in again and again. */
interface Tags {
	protocol: string;
	tuple: FourTuple;
	payloadAt: number;
	/** Flags of TCP. */
	flags: number;
	/** Bytes of the stream, from the first to the last of the unit, modulo 2^32; undefined where that is not said. */
	inStream: number | undefined;
}

function emptyTags(): Tags {
	return {
		protocol: "",
		tuple: emptyTuple(),
		payloadAt: 0,
		flags: 0,
		inStream: undefined,
	};
}

/** False where they do not end. */
function readTags({ bytes, start, end }: Packet, tags: Tags): boolean {
	tags.protocol = "";
	tags.tuple = emptyTuple();
	tags.flags = 0;
	tags.inStream = undefined;
	let at = start;
	for (let count = 0; count < MAX_TAGS; count++) {
		const value = at + TAG_HEADER_LENGTH;
		if (value > end) return false;
		const tag = uint16(bytes, at);
		const length = uint16(bytes, at + 2);
		at = value + length;
		if (at > end) return false;
		if (tag === END_OF_TAGS) {
			tags.payloadAt = at;
			return true;
		}
		readTag(bytes, tag, value, length, tags);
	}
	return false;
}

function readTag(
	bytes: Buffer,
	tag: number,
	at: number,
	length: number,
	tags: Tags,
): void {
	const { tuple } = tags;
	const word = (i: number) => (4 * i < length ? int32(bytes, at + 4 * i) : 0);
	switch (tag) {
		case DISSECTOR_NAME:
		case HEURISTIC_NAME:
			// Padded with zeros to a multiple of four.
			tags.protocol = bytes
				.toString("latin1", at, at + length)
				.replace(/\0.*/s, "");
			break;
		case IPV4_SOURCE:
			tuple.version = 4;
			tuple.source3 = word(0);
			break;
		case IPV4_DESTINATION:
			tuple.version = 4;
			tuple.destination3 = word(0);
			break;
		case IPV6_SOURCE:
			tuple.version = 6;
			tuple.source0 = word(0);
			tuple.source1 = word(1);
			tuple.source2 = word(2);
			tuple.source3 = word(3);
			break;
		case IPV6_DESTINATION:
			tuple.version = 6;
			tuple.destination0 = word(0);
			tuple.destination1 = word(1);
			tuple.destination2 = word(2);
			tuple.destination3 = word(3);
			break;
		case SOURCE_PORT:
			tuple.sourcePort = word(0) & 0xffff;
			break;
		case DESTINATION_PORT:
			tuple.destinationPort = word(0) & 0xffff;
			break;
		case TCP_INFO:
			// A version, the numbers of the first byte and of the one behind the last, and others.
			if (length < 17 || uint16(bytes, at) !== 1) break;
			tags.inStream = (int32(bytes, at + 6) - int32(bytes, at + 2)) >>> 0;
			tags.flags = uint16(bytes, at + 15);
			break;
	}
}

/** Bytes missing behind what is there: as many as were cut, but for those that are in packets of their own. */
function missingBehind(packet: Packet, { payloadAt, inStream }: Tags): number {
	const cut = cutOf(packet, payloadAt);
	if (inStream === undefined) return cut;
	const missing = inStream - (packet.end - payloadAt);
	return missing >= 0 && missing <= cut ? missing : cut;
}

/** An end as people write it; empty where the tags do not say. */
function endOf(tuple: FourTuple, end: "source" | "destination"): string {
	if (tuple.version !== 0) return endpointText(tuple, end);
	const port = end === "source" ? tuple.sourcePort : tuple.destinationPort;
	return port === 0 ? "" : `:${port}`;
}
