// Variants of classic pcap that have its magic numbers and longer packet headers, as some vendors' tcpdump wrote them
// twenty years ago. Only where the second packet stands tells them.

import { int32, int32LE } from "../packet/byte-order.js";
import { MAX_CAPTURED_LENGTH } from "../packet/packet.js";
import {
	FILE_HEADER_LENGTH,
	PACKET_HEADER_LENGTH,
	type PcapForm,
	pcapForm,
} from "./pcap-header.js";

export type PcapVariant = "Red Hat 6.1 pcap" | "Nokia pcap" | "SuSE 6.3 pcap";

/** Lengths of packet headers that the form of the magic number does not say. */
const VARIANTS: readonly (readonly [PcapVariant, boolean, number])[] = [
	["Red Hat 6.1 pcap", false, 24],
	["Nokia pcap", false, 20],
	["SuSE 6.3 pcap", true, 28],
];

/** Seconds between the first two packets of a capture, at most: a year. A header that is none has others. */
const MAX_PAUSE = 366 * 86_400;

/** The variant that a file starts as; undefined where it is what its magic number says, or cannot be told. */
export function pcapVariant(head: Buffer): PcapVariant | undefined {
	const form = pcapForm(head);
	if (form === undefined || fits(head, form, form.packetHeaderLength)) {
		return undefined;
	}
	const found = VARIANTS.find(
		([, modified, length]) =>
			modified === form.modified && fits(head, form, length),
	);
	return found?.[0];
}

/** Whether the second packet's header stands where it does if packet headers have this length. */
function fits(head: Buffer, form: PcapForm, length: number): boolean {
	const uint32 = (at: number) =>
		(form.littleEndian ? int32LE(head, at) : int32(head, at)) >>> 0;
	const first = FILE_HEADER_LENGTH;
	if (first + PACKET_HEADER_LENGTH > head.length) return false;
	const second = first + length + uint32(first + 8);
	if (second + PACKET_HEADER_LENGTH > head.length) return false;
	return (
		Math.abs(uint32(second) - uint32(first)) <= MAX_PAUSE &&
		uint32(second + 4) < form.partsPerSecond &&
		uint32(second + 8) <= MAX_CAPTURED_LENGTH &&
		uint32(second + 8) <= uint32(second + 12)
	);
}
