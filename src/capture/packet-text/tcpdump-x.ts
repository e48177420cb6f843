// Text of `tcpdump -x`, `-xx`, `-X` and `-XX` becomes packets: a line or two about each (tcpdump(1), OUTPUT FORMAT), with
// its time in front, then rows of two-byte words. Of the lines about a packet, only the time, the number and the length on
// the wire are read; all else is in its bytes.

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
	isBlank,
	mayHaveColours,
	withoutColours,
} from "./decoration.js";
import { DumpDamage } from "./dump-damage.js";
import { DumpRow, readTcpdumpRow } from "./dump-row.js";
import { IntervalTimes } from "./interval-times.js";
import { PacketRows } from "./packet-rows.js";
import { type PacketTextReader, throughPackets } from "./packet-text-format.js";
import { PrintedPackets } from "./printed-packets.js";

/** Packets printed by tcpdump. */
export const tcpdumpX: CaptureFormat = {
	name: "tcpdump-x",
	summary: "text of tcpdump -x, -xx, -X or -XX",
	recognises: isTcpdumpX,
	open: (options, report) =>
		throughPackets(new TcpdumpReader(report), options, report),
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

/** Reads packets out of such a text, cut anywhere. */
class TcpdumpReader implements PacketTextReader {
	readonly #report: SourceReport;
	readonly #lines = new Lines();
	readonly #damage = new DumpDamage();
	readonly #rows = new PacketRows(this.#damage);
	readonly #row = new DumpRow();
	readonly #packets: PrintedPackets;
	readonly #clock = new TextClock();
	#lastLine = 0;
	/** What the lines in front of the packet say of it. */
	#time: PrintedTime | undefined;
	#frame: number | undefined;
	#wireLength: number | undefined;
	/** Set once times turn out to be intervals. */
	#intervals: IntervalTimes | undefined;
	#timesSeen = false;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
		this.#packets = new PrintedPackets(report);
	}

	get timesTellOrder(): boolean {
		return this.#intervals === undefined;
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
		if (this.#intervals !== undefined) packets.push(...this.#intervals.end());
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
		if (readTcpdumpRow(text, row)) {
			if (row.offset !== 0) this.#rows.goOn(row, line.number);
			else {
				this.#finish(packets);
				this.#rows.start(row, line.number);
			}
			return;
		}
		const start = behindQuoting(text);
		if (isBlank(text, start)) return;
		this.#finish(packets);
		if (!this.#readHead(text, start)) {
			const behind = behindLineNumber(text, start);
			if (behind !== -1) this.#readHead(text, behind);
		}
	}

	/** Reads the first line about a packet; false where it is none. */
	#readHead(text: string, start: number): boolean {
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
			this.#time = time;
			if (this.#looksLikeInterval(time, at > from)) {
				this.#intervals ??= new IntervalTimes();
			}
			this.#timesSeen = true;
		} else if (number === null || !text.startsWith("IP", at)) return false;
		this.#frame = number === null ? undefined : Number(number[1]);
		const wireLength = WIRE_LENGTH.exec(text)?.[1];
		this.#wireLength =
			wireLength === undefined ? undefined : Number(wireLength);
		return true;
	}

	/** Times of day stand at the start of the line; intervals have a blank or a sign in front, and the first of them is zero. */
	#looksLikeInterval(time: PrintedTime, indented: boolean): boolean {
		if (this.#timesSeen || time.kind !== "clock") return false;
		return indented || time.seconds <= 0;
	}

	/** Ends the packet; where the text ends, `lastLine` is its last. */
	#finish(packets: Packet[], lastLine?: number): void {
		const bytes = this.#rows.finish();
		if (bytes === undefined) return;
		const { cutAt } = this.#rows;
		const time = this.#time;
		const interval = this.#intervals !== undefined && time?.kind === "clock";
		if (interval) this.#clock.sawIntervals();
		const packet = this.#packets.packet({
			bytes,
			damaged: cutAt !== undefined && cutAt !== lastLine,
			frame: this.#frame,
			timestamp:
				interval || time === undefined
					? time?.seconds
					: this.#clock.timestamp(time),
			wireLength: this.#wireLength,
		});
		this.#time = undefined;
		this.#frame = undefined;
		this.#wireLength = undefined;
		if (this.#intervals === undefined) packets.push(packet);
		else packets.push(...this.#intervals.push(packet));
	}
}
