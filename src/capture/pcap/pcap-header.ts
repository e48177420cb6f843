// What the bytes in front of a classic pcap file say of the rest (draft-ietf-opsawg-pcap): its magic number tells the byte
// order, the unit of time and the length of packet headers.

/** Bytes in the header of a pcap file. */
export const FILE_HEADER_LENGTH = 24;
/** Bytes in the header of each packet. */
export const PACKET_HEADER_LENGTH = 16;
/** The same in modified pcap: an interface, a protocol and a packet type follow. */
const MODIFIED_PACKET_HEADER_LENGTH = 24;
/** Above the link type proper, its field has the length of the frame check sequence. */
const LINK_TYPE_MASK = 0xffff;

/** What the first four bytes of a pcap file say of the rest. */
export interface PcapForm {
	readonly littleEndian: boolean;
	/** Parts of a second that timestamps count: micro- or nanoseconds. */
	readonly partsPerSecond: 1_000_000 | 1_000_000_000;
	/** Whether it is modified pcap. */
	readonly modified: boolean;
	/** Bytes in the header of each packet. */
	readonly packetHeaderLength: number;
}

const CLASSIC = {
	modified: false,
	packetHeaderLength: PACKET_HEADER_LENGTH,
} as const;
const MODIFIED = {
	modified: true,
	packetHeaderLength: MODIFIED_PACKET_HEADER_LENGTH,
} as const;

/** The form that the magic number stands for; undefined where it is none of classic or modified pcap. */
export function pcapForm(head: Buffer): PcapForm | undefined {
	if (head.length < 4) return undefined;
	const littleEndian = head[3] === 0xa1;
	switch (littleEndian ? head.readUInt32LE(0) : head.readUInt32BE(0)) {
		case 0xa1b2c3d4:
			return { littleEndian, partsPerSecond: 1_000_000, ...CLASSIC };
		case 0xa1b23c4d:
			return { littleEndian, partsPerSecond: 1_000_000_000, ...CLASSIC };
		case 0xa1b2cd34:
			return { littleEndian, partsPerSecond: 1_000_000, ...MODIFIED };
		default:
			return undefined;
	}
}

/** The link type in its field of the file header. */
export function linkTypeOf(field: number): number {
	return field & LINK_TYPE_MASK;
}
