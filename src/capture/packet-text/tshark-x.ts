// Text of `tshark -x`, with or without `-V` and `-P`, and what Wireshark exports or copies as a hex dump, becomes packets.
// Where a packet has several data sources, each has its name above it: only the bytes of the frame are taken, as the
// others are made of them. Of the lines about a packet, its number, times and lengths are read.

import { looksLikeHeader } from "../../fastcgi/header-search.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Packet } from "../packet/packet.js";
import { type Line, Lines } from "../text/lines.js";
import { type PrintedTime, readTime } from "../text/printed-time.js";
import { TextClock } from "../text/text-clock.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	indentOf,
	isBlank,
	mayHaveColours,
	withoutColours,
} from "./decoration.js";
import { DumpDamage } from "./dump-damage.js";
import { DumpRow, ROW_LENGTH, readWiresharkRow } from "./dump-row.js";
import { PacketRows } from "./packet-rows.js";
import {
	type PacketTextReader,
	throughPacketsOrPayloads,
} from "./packet-text-format.js";
import { PrintedPackets } from "./printed-packets.js";
import { toldLinkType } from "./told-link-type.js";

/** Packets printed by tshark or Wireshark. */
export const tsharkX: CaptureFormat = {
	name: "tshark-x",
	summary: "text of tshark -x or -V -x, and Wireshark's hex dumps of packets",
	recognises: isTsharkX,
	open: (options, report) =>
		throughPacketsOrPayloads(new TsharkReader(report), options, report),
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

/** Reads packets out of such a text, cut anywhere. */
class TsharkReader implements PacketTextReader {
	readonly timesTellOrder = true;
	readonly #report: SourceReport;
	readonly #lines = new Lines();
	readonly #damage = new DumpDamage();
	readonly #rows = new PacketRows(this.#damage);
	readonly #row = new DumpRow();
	readonly #packets: PrintedPackets;
	readonly #clock = new TextClock();
	/** Columns in front of the packet's details, where they are printed: a row further in is text of its payload. */
	#detailsIndent: number | undefined;
	#lastLine = 0;
	/** What the lines in front of the packet say of it. */
	#time: PrintedTime | undefined;
	#frame: number | undefined;
	#wireLength: number | undefined;
	#capturedLength: number | undefined;
	/** Whether the dump below this line is of something that was made of packets. */
	#derived = false;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
		this.#packets = new PrintedPackets(report);
	}

	push(bytes: Buffer): readonly Packet[] {
		const packets: Packet[] = [];
		const lines = this.#lines.push(bytes);
		for (let i = 0; i < lines.length; i++) {
			this.#take(lines[i] as Line, packets);
		}
		return packets;
	}

	end(): readonly Packet[] {
		const packets: Packet[] = [];
		for (const line of this.#lines.end()) this.#take(line, packets);
		this.#finish(packets, this.#lastLine);
		this.#clock.remark(this.#report);
		this.#packets.end();
		this.#damage.remark(
			this.#report,
			"the packets were cut there",
			this.#lastLine,
		);
		return packets;
	}

	#take(line: Line, packets: Packet[]): void {
		this.#lastLine = line.number;
		const text = mayHaveColours(line.text)
			? withoutColours(line.text)
			: line.text;
		const row = this.#row;
		if (
			readWiresharkRow(text, row) &&
			row.digits <= MAX_DIGITS &&
			row.indent <= (this.#detailsIndent ?? row.indent)
		) {
			if (row.offset !== 0) this.#rows.goOn(row, line.number);
			else {
				this.#finish(packets);
				if (this.#derived) this.#rows.skip();
				else this.#rows.start(row, line.number);
				this.#derived = false;
			}
			// A short row is a packet's last: nobody has to wait for what comes behind it.
			if (row.length < ROW_LENGTH && !row.damaged) this.#finish(packets);
			return;
		}
		const start = behindQuoting(text);
		if (isBlank(text, start)) return;
		this.#finish(packets);
		this.#derived = false;
		if (!this.#readAbout(text, start)) {
			const behind = behindLineNumber(text, start);
			if (behind !== -1) this.#readAbout(text, behind);
		}
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
		if (!this.#derived) this.#capturedLength = Number(found[2]);
		return true;
	}

	#readFrame(text: string): boolean {
		const found = FRAME.exec(text);
		if (found === null) return false;
		this.#frame = Number(found[1]);
		this.#wireLength = Number(found[2]);
		this.#capturedLength = Number(found[3]);
		return true;
	}

	#readEpoch(text: string): boolean {
		const found = EPOCH_TIME.exec(text)?.[1];
		if (found === undefined) return false;
		this.#time = readTime(found, 0);
		return true;
	}

	#readListLine(text: string, at: number): boolean {
		LIST_NUMBER.lastIndex = at;
		const found = LIST_NUMBER.exec(text);
		if (found === null) return false;
		const time = readTime(text, LIST_NUMBER.lastIndex);
		if (time === undefined || text.charCodeAt(time.end) !== 0x20) return false;
		this.#frame = Number(found[1]);
		this.#time = time;
		return true;
	}

	/** Ends the packet; where the text ends, `lastLine` is its last. */
	#finish(packets: Packet[], lastLine?: number): void {
		const bytes = this.#rows.finish();
		if (bytes === undefined) return;
		const { cutAt } = this.#rows;
		const time = this.#time;
		packets.push(
			this.#packets.packet({
				bytes,
				damaged: cutAt !== undefined && cutAt !== lastLine,
				frame: this.#frame,
				timestamp: time === undefined ? undefined : this.#clock.timestamp(time),
				wireLength: this.#wireLength,
				capturedLength: this.#capturedLength,
			}),
		);
		this.#time = undefined;
		this.#frame = undefined;
		this.#wireLength = undefined;
		this.#capturedLength = undefined;
		this.#detailsIndent = undefined;
	}
}
