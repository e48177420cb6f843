// Text of `tcpdump -x`, `-xx`, `-X` and `-XX` becomes packets: a line or two about each (tcpdump(1), OUTPUT FORMAT), with
// its time in front, then rows of two-byte words. Of the lines about a packet, only the time, the number and the length on
// the wire are read; all else is in its bytes.

import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Packet } from "../packet/packet.js";
import { withoutColours } from "../text/colours.js";
import { type PrintedTime, readTime } from "../text/printed-time.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	isBlank,
} from "./decoration.js";
import { DumpRow, readTcpdumpRow } from "./dump-row.js";
import { DumpedPackets } from "./dumped-packets.js";
import { IntervalTimes } from "./interval-times.js";
import { type LineForm, LineFormReader } from "./line-form.js";
import { throughPackets } from "./packet-text-format.js";

/** Packets printed by tcpdump. */
export const tcpdumpX: CaptureFormat = {
	name: "tcpdump-x",
	summary: "text of tcpdump -x, -xx, -X or -XX",
	recognises: isTcpdumpX,
	open(options, report) {
		const form = new TcpdumpForm();
		const reader = new LineFormReader(form, report);
		return throughPackets(reader, options, report, () => form.timesTellOrder);
	},
};

/** The number that `--number` prints; two blanks follow it. */
const FRAME_NUMBER = /(\d{1,10}) {2}(?=[ \dI-])/y;
/** The length on the wire that `-e` prints. */
const WIRE_LENGTH = /\bethertype [^,]{1,60}, length (\d{1,6}): /;

/** Whether there is a first row of tcpdump's. */
function isTcpdumpX(head: Head): boolean {
	const row = new DumpRow();
	return head.lines.some(
		(line) =>
			line.includes("0x0000:") &&
			readTcpdumpRow(withoutColours(line), row) &&
			row.offset === 0,
	);
}

/** Makes packets of the lines of such a text. */
class TcpdumpForm implements LineForm<Packet> {
	readonly #dumped = new DumpedPackets();
	readonly #row = new DumpRow();
	/** Set once times turn out to be intervals. */
	#intervals: IntervalTimes | undefined;
	#timesSeen = false;

	/** Whether the times say which packet was first: intervals do not. */
	get timesTellOrder(): boolean {
		return this.#intervals === undefined;
	}

	take(text: string, number: number, packets: Packet[]): void {
		this.#dumped.reached(number);
		const row = this.#row;
		if (readTcpdumpRow(text, row)) {
			if (row.offset !== 0) this.#dumped.goOn(row);
			else {
				this.#handOut(packets);
				this.#dumped.start(row);
			}
			return;
		}
		const start = behindQuoting(text);
		if (isBlank(text, start)) return;
		this.#handOut(packets);
		if (!this.#readHead(text, start)) {
			const behind = behindLineNumber(text, start);
			if (behind !== -1) this.#readHead(text, behind);
		}
	}

	finish(packets: Packet[]): undefined {
		this.#handOut(packets, "atEnd");
		if (this.#intervals !== undefined) packets.push(...this.#intervals.end());
	}

	remark(report: SourceReport): void {
		this.#dumped.remark(report);
	}

	/** Reads the first line about a packet; false where it is none. */
	#readHead(text: string, start: number): boolean {
		const { about } = this.#dumped;
		let at = behindBlanks(text, start);
		FRAME_NUMBER.lastIndex = at;
		const number = FRAME_NUMBER.exec(text);
		let from = start;
		if (number !== null) {
			from = FRAME_NUMBER.lastIndex;
			at = behindBlanks(text, from);
		}
		const time = readTime(text, at);
		if (time !== undefined && text.charCodeAt(time.end) === 0x20) {
			if (this.#looksLikeInterval(time, at > from)) {
				this.#intervals ??= new IntervalTimes();
			}
			this.#timesSeen = true;
			about.time = time;
			about.isInterval = this.#intervals !== undefined && time.kind === "clock";
		} else if (number === null || !text.startsWith("IP", at)) return false;
		about.frame = number === null ? undefined : Number(number[1]);
		const wireLength = WIRE_LENGTH.exec(text)?.[1];
		about.wireLength =
			wireLength === undefined ? undefined : Number(wireLength);
		return true;
	}

	/** Times of day stand at the start of the line; intervals have a blank or a sign in front, and the first of them is zero. */
	#looksLikeInterval(time: PrintedTime, indented: boolean): boolean {
		if (this.#timesSeen || time.kind !== "clock") return false;
		return indented || time.seconds <= 0;
	}

	#handOut(packets: Packet[], atEnd?: "atEnd"): void {
		const packet = this.#dumped.finish(atEnd);
		if (packet === undefined) return;
		if (this.#intervals === undefined) packets.push(packet);
		else packets.push(...this.#intervals.push(packet));
	}
}
