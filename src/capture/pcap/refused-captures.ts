// Captures of other programs that are known by how they start, and not read: those that editcap writes and Wireshark
// reads, so that one command makes something of them that is.

import type { RefusedFormat } from "../format.js";
import type { Head } from "../head.js";
import { pcapVariant } from "./pcap-variant.js";

const ADVICE = "is not read: editcap -F pcapng IN OUT makes one that is";

/** Names, and the first bytes in hex digits. */
const STARTS: readonly (readonly [string, string])[] = [
	["snoop", "736e6f6f70000000"],
	["btsnoop", "6274736e6f6f7000"],
	["nettl", "54520064"],
	["Network Monitor 1", "52545353"],
	["Network Monitor 2", "474d4255"],
	["Sniffer (DOS)", hexOf("TRSNIFF data    \x1a")],
	["NetXray or Sniffer (Windows)", "58435000"],
	["NetXray", "564c0000"],
	["5View", "aaaaaaaa"],
	["LANalyzer", "01104c00"],
	["Observer", hexOf("ObserverPktBuffe")],
	["Visual Networks", "05564e46"],
	["EyeSDN", "45796553444e"],
	["K12 text", hexOf("+---------+---------------+----------+")],
	["K12xx .rf5", "0000020012050010"],
	["DCT2000", hexOf("Session Transcript")],
	["iptrace", hexOf("iptrace ")],
];

/** Forms of captures that are known and not read. */
export const REFUSED_CAPTURES: readonly RefusedFormat[] = [
	...STARTS.map(([name, start]) => ({
		name,
		recognises: (head: Head) => head.startsWith(start),
		advice: ADVICE,
	})),
	...(["Red Hat 6.1 pcap", "Nokia pcap", "SuSE 6.3 pcap"] as const).map(
		(name) => ({
			name,
			recognises: (head: Head) => pcapVariant(head.bytes) === name,
			advice: ADVICE,
		}),
	),
];

function hexOf(text: string): string {
	return Buffer.from(text, "latin1").toString("hex");
}
