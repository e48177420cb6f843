// Bytes that were read of a text become packets: their link type is told by content, and a text that ends in the middle of
// one is told by the length that its headers announce.

import type { SourceReport } from "../../inspect/chunk.js";
import type { Packet } from "../packet/packet.js";
import { announcedLength, toldLinkType } from "./told-link-type.js";

/** The link type of a packet that says nothing of itself: ARP and the like are Ethernet nearly always. */
const ETHERNET = 1;

/** What a text says of a packet besides its bytes. */
export interface PrintedPacket {
	/** A buffer of its own. */
	readonly bytes: Buffer;
	/** Its number in the capture. */
	readonly frame?: number | undefined;
	readonly timestamp?: number | undefined;
	/** Bytes on the wire, the link header among them. */
	readonly wireLength?: number | undefined;
	/** Bytes that were captured. */
	readonly capturedLength?: number | undefined;
	/** Whether damage of the text is why it is shorter than that. */
	readonly damaged?: boolean;
}

/** Makes the packets of one text. */
export class PrintedPackets {
	/** Packets made. */
	count = 0;
	readonly #report: SourceReport;
	#linkType = ETHERNET;
	/** Packets that have fewer bytes than they announce. */
	#short = 0;
	#lastIsShort = false;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	packet(printed: PrintedPacket): Packet {
		const { bytes, wireLength, capturedLength } = printed;
		this.#linkType = toldLinkType(bytes) ?? this.#linkType;
		this.count++;
		const announced = capturedLength ?? announcedLength(bytes, this.#linkType);
		this.#lastIsShort = bytes.length < announced && printed.damaged !== true;
		if (this.#lastIsShort) this.#short++;
		return {
			frame: printed.frame ?? this.count,
			timestamp: printed.timestamp,
			linkType: this.#linkType,
			bytes,
			start: 0,
			end: bytes.length,
			originalLength: Math.max(wireLength ?? 0, bytes.length),
		};
	}

	/** Says how the text ended: where no packet but the last is short, it is not a snap length that made it so. */
	end(): void {
		if (this.count === 0) {
			this.#report.remarks.push("the text holds no packets");
		} else if (this.#lastIsShort && this.#short === 1) {
			this.#report.truncated = true;
			this.#report.remarks.push(
				`the text ends in the middle of packet ${this.count}`,
			);
		}
	}
}
