// The tags in front of a unit of a protocol in packets of LINKTYPE_WIRESHARK_UPPER_PDU (252), as bytes: which dissector it
// is for, whose it is, and where in its stream it was (epan/exported_pdu.h of Wireshark lists them).

import type { End } from "./ends.js";

const END_OF_TAGS = 0;
const DISSECTOR_NAME = 12;
const IPV4_SOURCE = 20;
const IPV4_DESTINATION = 21;
const IPV6_SOURCE = 22;
const IPV6_DESTINATION = 23;
const PORT_TYPE = 24;
const SOURCE_PORT = 25;
const DESTINATION_PORT = 26;
const PROTOCOL_COLUMN = 33;
const TCP_INFO = 34;
const INFO_COLUMN = 36;

const PORT_TYPE_TCP = 2;
const TCP_INFO_VERSION = 1;

/** Where a unit was in the stream of its direction. */
export interface StreamPlace {
	/** Number of its first byte, and of the one behind it, modulo 2^32. */
	readonly sequence: number;
	readonly next: number;
	/** As in a TCP header: FIN 1, SYN 2, RST 4. */
	readonly flags: number;
}

/** What tags say. */
export interface Tags {
	readonly dissector: "fcgi" | "data";
	readonly source: End;
	readonly destination: End;
	readonly place?: StreamPlace;
	/** Texts for the packet list: of what protocol it is, in a word, and what it says. */
	readonly protocol?: string;
	readonly info?: string;
}

/** The tags, the one at the end included. */
export function tagBytes(tags: Tags): Buffer {
	const { source, destination, protocol, place, info } = tags;
	const six = source.address.length === 16;
	return Buffer.concat([
		tag(DISSECTOR_NAME, padded(Buffer.from(tags.dissector))),
		tag(six ? IPV6_SOURCE : IPV4_SOURCE, source.address),
		tag(six ? IPV6_DESTINATION : IPV4_DESTINATION, destination.address),
		tag(PORT_TYPE, word(PORT_TYPE_TCP)),
		tag(SOURCE_PORT, word(source.port)),
		tag(DESTINATION_PORT, word(destination.port)),
		...(protocol === undefined
			? []
			: [tag(PROTOCOL_COLUMN, padded(Buffer.from(protocol)))]),
		...(place === undefined ? [] : [tag(TCP_INFO, placeBytes(place))]),
		...(info === undefined
			? []
			: [tag(INFO_COLUMN, padded(Buffer.from(info)))]),
		tag(END_OF_TAGS, Buffer.alloc(0)),
	]);
}

/** Version, sequence, next sequence, last acknowledged, whether reassembled, flags, urgent pointer; not aligned. */
function placeBytes({ sequence, next, flags }: StreamPlace): Buffer {
	const bytes = Buffer.alloc(19);
	bytes.writeUInt16BE(TCP_INFO_VERSION, 0);
	bytes.writeUInt32BE(sequence, 2);
	bytes.writeUInt32BE(next, 6);
	bytes.writeUInt16BE(flags, 15);
	return bytes;
}

function tag(type: number, value: Buffer): Buffer {
	const head = Buffer.alloc(4);
	head.writeUInt16BE(type, 0);
	head.writeUInt16BE(value.length, 2);
	return Buffer.concat([head, value]);
}

function word(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

/** Texts are filled up with zeros to a multiple of four. */
function padded(text: Buffer): Buffer {
	return Buffer.concat([text, Buffer.alloc(-text.length & 3)]);
}
