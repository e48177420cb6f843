// Text of `tshark -x`, with or without `-V` and `-P`, and what Wireshark exports or copies as a hex dump, becomes packets.
// Where a packet has several data sources, each has its name above it: only the bytes of the frame are taken, as the
// others are made of them. Of the lines about a packet, its number, times and lengths are read.

import { looksLikeHeader } from "../../fastcgi/header-search.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Packet } from "../packet/packet.js";
import { withoutColours } from "../text/colours.js";
import { readTime } from "../text/printed-time.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	indentOf,
	isBlank,
} from "./decoration.js";
import { DumpRow, ROW_LENGTH, readWiresharkRow } from "./dump-row.js";
import { DumpedPackets } from "./dumped-packets.js";
import { type LineForm, LineFormReader } from "./line-form.js";
import { throughPacketsOrPayloads } from "./packet-text-format.js";
import { toldLinkType } from "./told-link-type.js";

/** Packets printed by tshark or Wireshark. */
export const tsharkX: CaptureFormat = {
	name: "tshark-x",
	summary: "text of tshark -x or -V -x, hex dumps of Wireshark",
	recognises: isTsharkX,
	open: (options, report) =>
		throughPacketsOrPayloads(
			new LineFormReader(new TsharkForm(), report),
			options,
			report,
		),
};

/** Digits of an offset: Wireshark prints four, and more only for data sources that need them. Eight are another tool's. */
const MAX_DIGITS = 6;

/** The name of a data source: `Frame (71 bytes):`, `Reassembled TCP (904 bytes):`. */
const DATA_SOURCE = /^([\w(][^\n]{0,200}) \((\d{1,9}) bytes?\):\s*$/;
/** What the details of a packet without a dissector end in, where there is no `-x`: the dump of its payload follows. */
const UNDISSECTED = /^Data \(\d{1,9} bytes?\)\s*$/;
/** The first line of a packet's details. */
const FRAME =
	/^Frame (\d{1,10}): (\d{1,9}) bytes? on wire \(\d+ bits\), (\d{1,9}) bytes? captured/;
const EPOCH_TIME =
	/^\s{0,12}Epoch (?:Arrival )?Time: (\d{1,11}\.\d{1,9}) seconds/;
/** The start of a line of the packet list: a number, blanks, and a time. */
const LIST_NUMBER = /(\d{1,10}) {1,12}(?=\d)/y;

/** Whether there are the first rows of a packet, or one of a record, with the offsets that Wireshark prints. */
function isTsharkX(head: Head): boolean {
	const row = new DumpRow();
	let start: Buffer | undefined;
	let derived = false;
	for (const line of head.lines) {
		const text = withoutColours(line);
		if (!isRow(text, row)) {
			if (!isBlank(text, behindQuoting(text))) derived = isDerived(text);
			continue;
		}
		if (derived) continue;
		const bytes = Buffer.from(row.bytes.subarray(0, row.length));
		if (row.offset === 0) {
			if (looksLikeHeader(bytes, 0, undefined)) return true;
			start = bytes;
			continue;
		}
		if (start === undefined || row.offset !== start.length) continue;
		start = Buffer.concat([start, bytes]);
		if (toldLinkType(start) !== undefined) return true;
	}
	return false;
}

/** Whether the dump below this line is of something else than a frame. */
function isDerived(text: string): boolean {
	const line = text.slice(behindQuoting(text));
	if (UNDISSECTED.test(line)) return true;
	const source = DATA_SOURCE.exec(line)?.[1];
	return source !== undefined && source !== "Frame";
}

function isRow(text: string, row: DumpRow): boolean {
	return (
		readWiresharkRow(text, row) && !row.damaged && row.digits <= MAX_DIGITS
	);
}

/** Makes packets of the lines of such a text. */
class TsharkForm implements LineForm<Packet> {
	readonly #dumped = new DumpedPackets();
	readonly #row = new DumpRow();
	/** Columns in front of the packet's details, where they are printed: a row further in is text of its payload. */
	#detailsIndent: number | undefined;
	/** Whether the dump below this line is of something that was made of packets. */
	#derived = false;

	take(text: string, number: number, packets: Packet[]): void {
		this.#dumped.reached(number);
		const row = this.#row;
		if (
			readWiresharkRow(text, row) &&
			row.digits <= MAX_DIGITS &&
			row.indent <= (this.#detailsIndent ?? row.indent)
		) {
			if (row.offset !== 0) this.#dumped.goOn(row);
			else {
				this.#handOut(packets);
				if (this.#derived) this.#dumped.skip();
				else this.#dumped.start(row);
				this.#derived = false;
			}
			// A short row is a packet's last: nobody has to wait for what comes behind it.
			if (row.length < ROW_LENGTH && !row.damaged) this.#handOut(packets);
			return;
		}
		const start = behindQuoting(text);
		if (isBlank(text, start)) return;
		this.#handOut(packets);
		this.#derived = false;
		if (!this.#readAbout(text, start)) {
			const behind = behindLineNumber(text, start);
			if (behind !== -1) this.#readAbout(text, behind);
		}
	}

	finish(packets: Packet[]): undefined {
		this.#handOut(packets, "atEnd");
	}

	remark(report: SourceReport): void {
		this.#dumped.remark(report);
	}

	/** Reads a line about the packet whose bytes follow; false where it says nothing of use. */
	#readAbout(text: string, start: number): boolean {
		if (text.endsWith(":") && this.#readDataSource(text.slice(start))) {
			return true;
		}
		const at = behindBlanks(text, start);
		const first = text.charCodeAt(at);
		if (first === 0x44 && UNDISSECTED.test(text.slice(at))) {
			this.#derived = true;
			return true;
		}
		if (first === 0x46 && this.#readFrame(text.slice(at))) {
			this.#detailsIndent = indentOf(text, start, at);
			return true;
		}
		if (first === 0x45) return this.#readEpoch(text.slice(at));
		if (first >= 0x30 && first <= 0x39) return this.#readListLine(text, at);
		return false;
	}

	#readDataSource(text: string): boolean {
		const found = DATA_SOURCE.exec(text);
		if (found === null) return false;
		this.#derived = found[1] !== "Frame";
		if (!this.#derived) this.#dumped.about.capturedLength = Number(found[2]);
		return true;
	}

	#readFrame(text: string): boolean {
		const found = FRAME.exec(text);
		if (found === null) return false;
		this.#dumped.about.frame = Number(found[1]);
		this.#dumped.about.wireLength = Number(found[2]);
		this.#dumped.about.capturedLength = Number(found[3]);
		return true;
	}

	#readEpoch(text: string): boolean {
		const found = EPOCH_TIME.exec(text)?.[1];
		if (found === undefined) return false;
		this.#dumped.about.time = readTime(found, 0);
		return true;
	}

	#readListLine(text: string, at: number): boolean {
		LIST_NUMBER.lastIndex = at;
		const found = LIST_NUMBER.exec(text);
		if (found === null) return false;
		const time = readTime(text, LIST_NUMBER.lastIndex);
		if (time === undefined || text.charCodeAt(time.end) !== 0x20) return false;
		this.#dumped.about.frame = Number(found[1]);
		this.#dumped.about.time = time;
		return true;
	}

	#handOut(packets: Packet[], atEnd?: "atEnd"): void {
		const packet = this.#dumped.finish(atEnd);
		if (packet === undefined) return;
		packets.push(packet);
		this.#detailsIndent = undefined;
	}
}
