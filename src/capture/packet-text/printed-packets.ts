// Bytes that were read of a text become packets: their link type is told by content, and a text that ends in the middle of
// one is told by the length that its headers announce.

import type { SourceReport } from "../../inspect/chunk.js";
import type { Packet } from "../packet/packet.js";
import type { PrintedTime } from "../text/printed-time.js";
import { TextClock } from "../text/text-clock.js";
import { announcedLength, toldLinkType } from "./told-link-type.js";

/** The link type of a packet that says nothing of itself: ARP and the like are Ethernet nearly always. */
const ETHERNET = 1;

/** What a text says of a packet besides its bytes. */
export class PrintedAbout {
	/** Its number in the capture. */
	frame: number | undefined;
	time: PrintedTime | undefined;
	/** Whether its time is an interval, which somebody adds up. */
	isInterval = false;
	/** Bytes on the wire, the link header among them. */
	wireLength: number | undefined;
	/** Bytes that were captured. */
	capturedLength: number | undefined;
}

/** Makes the packets of one text. */
export class PrintedPackets {
	readonly #clock = new TextClock();
	#count = 0;
	#linkType = ETHERNET;
	/** Packets that have fewer bytes than they announce. */
	#short = 0;
	#lastIsShort = false;

	/** Takes a buffer of its own; `damaged`: whether damage of the text is why it is shorter than announced. */
	packet(bytes: Buffer, about: PrintedAbout, damaged = false): Packet {
		const { frame, wireLength, capturedLength } = about;
		this.#linkType = toldLinkType(bytes) ?? this.#linkType;
		this.#count++;
		const announced = capturedLength ?? announcedLength(bytes, this.#linkType);
		this.#lastIsShort = bytes.length < announced && !damaged;
		if (this.#lastIsShort) this.#short++;
		return {
			frame: frame ?? this.#count,
			timestamp: this.#timestamp(about),
			linkType: this.#linkType,
			bytes,
			start: 0,
			end: bytes.length,
			originalLength: Math.max(wireLength ?? 0, bytes.length),
		};
	}

	/** Says in the report that the text ended before the last packet did. */
	remarkOpen(report: SourceReport): void {
		report.truncated = true;
		report.remarks.push(`the text ends in the middle of packet ${this.#count}`);
	}

	/** Says what was settled of times, and how the text ended: where no packet but the last is short, it is not a snap length that made it so. */
	remark(report: SourceReport): void {
		this.#clock.remark(report);
		if (this.#count === 0) {
			report.remarks.push("the text holds no packets");
		} else if (this.#lastIsShort && this.#short === 1) this.remarkOpen(report);
	}

	#timestamp({ time, isInterval }: PrintedAbout): number | undefined {
		if (time === undefined) return undefined;
		if (!isInterval) return this.#clock.timestamp(time);
		this.#clock.sawIntervals();
		return time.seconds;
	}
}
