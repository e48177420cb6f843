// Texts of packets in which bytes are lost: known by name, so that a refusal can say which option keeps them.

import type { RefusedFormat } from "../format.js";
import type { Head } from "../head.js";
import { withoutColours } from "../text/colours.js";
import { shownAs } from "./follow-heading.js";
import { narrowHead } from "./narrow-text.js";

/** The start of a line about a packet: a time, or none, and what it carries. */
const TCPDUMP_LINE =
	/^[\s>|]{0,20}(?:\d{1,9}[:\t ]\s?)?(?:-?(?:\d{4}-\d\d-\d\d )?[\d:]{8,12}\.\d{6,9} )?(?:\S{1,16} +(?:In|Out|[BMP]) +)?(?:.{0,100}ethertype IPv[46] \(0x|IP6? \((?:tos|class|flowlabel|hlim) |IP6? \S{2,100} > \S{2,100}: )/;
/** A line of the packet list: number, time, two addresses around an arrow, protocol and length. */
const LIST_LINE =
	/^[\s>|]{0,20}(?:\d{1,9}[:\t] ?)?\s{0,12}\d{1,10} [\d .:\-/]{6,32} \S{2,64} (?:\xe2\x86\x92|->) \S{2,64} {1,12}\S{2,24} \d{1,6} /;
/** The columns of the packet list as Wireshark exports it. */
const LIST_HEADING =
	/^[\s>|]{0,20}No\. {1,10}Time {1,40}Source {1,40}Destination /;
const FRAME_LINE = /^[\s>|]{0,20}Frame \d{1,10}: \d{1,9} bytes? on wire/;
/** ngrep's line about a packet, with its connection and flags. */
const NGREP_LINE =
	/^[\s>|]{0,20}[TU]\(?\d{0,9}\)? (?:\d{4}\/\d\d\/\d\d [\d:.]{8,16} )?\S{3,64}:\d{1,5} -> \S{3,64}:\d{1,5}(?: \[[A-Z]{1,8}\])?/;
const SHOWN_WITHOUT_BYTES: ReadonlySet<string> = new Set([
	"ascii",
	"ebcdic",
	"utf-8",
	"utf8",
]);

/** In the order in which they are tried. */
export const REFUSED_PACKET_TEXTS: readonly RefusedFormat[] = [
	{
		name: "a followed stream as plain text",
		recognises: (head) =>
			anyLine(head, (line) => SHOWN_WITHOUT_BYTES.has(shownAs(line) ?? "")),
		advice:
			"has lost bytes: use -z follow,tcp,hex,N or follow,tcp,yaml,N, or Hex Dump, C Arrays or YAML in Wireshark",
	},
	{
		name: "PSML",
		recognises: (head) => head.isText && narrowHead(head).includes("<psml"),
		advice: "has no bytes: use tshark -T pdml, or -x",
	},
	{
		name: "JSON of tshark without -x",
		recognises: isJsonWithoutBytes,
		advice: "has no bytes of its packets: add -x, or use -T jsonraw",
	},
	{
		name: "ngrep output",
		recognises: (head) => anyLine(head, (line) => NGREP_LINE.test(line)),
		advice:
			"has no bytes of its packets: use ngrep -O FILE, which writes a pcap",
	},
	{
		name: "text of tshark without -x",
		recognises: (head) =>
			anyLine(
				head,
				(line) =>
					FRAME_LINE.test(line) ||
					LIST_LINE.test(line) ||
					LIST_HEADING.test(line),
			),
		advice: "has no bytes of its packets: add -x, or use -w FILE",
	},
	{
		name: "text of tcpdump without -x or -X",
		recognises: (head) => anyLine(head, (line) => TCPDUMP_LINE.test(line)),
		advice: "has lost bytes: use -x or -X, not -A, or -w FILE",
	},
];

function isJsonWithoutBytes(head: Head): boolean {
	if (!head.isText) return false;
	const text = narrowHead(head);
	return (
		text.includes('"layers"') &&
		/"(?:frame|ip|ipv6|tcp)[._"]/.test(text.toString("latin1"))
	);
}

function anyLine(head: Head, test: (line: string) => boolean): boolean {
	return head.lines.some((line) => test(withoutColours(line)));
}
