// Packets that Wireshark has exported from inside others: tags, each with a type, a length and a value, then a unit of the
// protocol that they name (LINKTYPE_WIRESHARK_UPPER_PDU). Those of FastCGI become pieces, a conversation for each pair of
// addresses and ports.

import { counted } from "../counted.js";
import { int32, uint16 } from "../packet/byte-order.js";
import type { Packet } from "../packet/packet.js";
import type { Piece, Side } from "../recognition/flow.js";
import { FlowTable } from "./flow-table.js";
import { emptyTuple, endpointText, type FourTuple } from "./four-tuple.js";
import {
	addPiece,
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
		if (tags.protocol !== "fcgi") {
			this.#otherProtocols++;
			return;
		}
		const { tuple, payloadAt } = tags;
		const source = endOf(tuple, "source");
		const destination = endOf(tuple, "destination");
		const opened = this.#flows.get(`${destination} ${source}`);
		const turned = opened !== undefined && source !== destination;
		const flow = turned
			? opened
			: (this.#flows.get(`${source} ${destination}`) ??
				this.#flows.add(`${source} ${destination}`, {
					addresses: [source || undefined, destination || undefined],
					startKnown: opens(packet, payloadAt),
				}));
		const side: Side =
			source === destination
				? this.#sides.sideOf(packet, payloadAt)
				: turned
					? 1
					: 0;
		addPiece(flow, side, packet, payloadAt, pieces);
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
}

function emptyTags(): Tags {
	return { protocol: "", tuple: emptyTuple(), payloadAt: 0 };
}

/** False where they do not end. */
function readTags({ bytes, start, end }: Packet, tags: Tags): boolean {
	tags.protocol = "";
	tags.tuple = emptyTuple();
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
	}
}

/** An end as people write it; empty where the tags do not say. */
function endOf(tuple: FourTuple, end: "source" | "destination"): string {
	if (tuple.version !== 0) return endpointText(tuple, end);
	const port = end === "source" ? tuple.sourcePort : tuple.destinationPort;
	return port === 0 ? "" : `:${port}`;
}
