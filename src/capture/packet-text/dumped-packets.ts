// The rows of hex dumps, and what the lines around them say, become packets. How a tool writes either is not known here.

import type { SourceReport } from "../../inspect/chunk.js";
import type { Packet } from "../packet/packet.js";
import { DumpDamage } from "./dump-damage.js";
import type { DumpRow } from "./dump-row.js";
import { PacketRows } from "./packet-rows.js";
import { PrintedAbout, PrintedPackets } from "./printed-packets.js";

/** Makes the packets of one text. */
export class DumpedPackets {
	/** What the lines in front of the next packet say of it. */
	about = new PrintedAbout();
	readonly #damage = new DumpDamage();
	readonly #rows = new PacketRows(this.#damage);
	readonly #packets = new PrintedPackets();
	#lastLine = 0;

	/** Says which line is read, from 1. */
	reached(line: number): void {
		this.#lastLine = line;
	}

	/** Takes the first row of a packet, where the one before has been finished. */
	start(row: DumpRow): void {
		this.#rows.start(row, this.#lastLine);
	}

	/** Takes the next row of the packet. */
	goOn(row: DumpRow): void {
		this.#rows.goOn(row, this.#lastLine);
	}

	/** Says that the rows that follow, up to the next start, are of something else. */
	skip(): void {
		this.#rows.skip();
	}

	/** Ends the packet, if one has begun; at the end of the text, damage of its last line is no more than its end. */
	finish(atEnd?: "atEnd"): Packet | undefined {
		const bytes = this.#rows.finish();
		if (bytes === undefined) return undefined;
		const { cutAt } = this.#rows;
		const damaged =
			cutAt !== undefined && !(atEnd !== undefined && cutAt === this.#lastLine);
		const packet = this.#packets.packet(bytes, this.about, damaged);
		this.about = new PrintedAbout();
		return packet;
	}

	/** Says in the report how the text ended, and what is wrong with it. */
	remark(report: SourceReport): void {
		this.#packets.remark(report);
		this.#damage.remark(report, "the packets were cut there", this.#lastLine);
	}
}
