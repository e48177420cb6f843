// Printed times become the timestamps of packets. What a time leaves open, its date or its time zone, is settled in one
// way for the whole text, and said in the report.

import type { SourceReport } from "../../inspect/chunk.js";
import type { PrintedTime } from "./printed-time.js";

const DAY = 86_400;

/** Makes timestamps of the times of one text, in the order of its packets. */
export class PacketClock {
	readonly #kinds = new Set<PrintedTime["kind"]>();
	/** Seconds of the days that have passed since the first time of day. */
	#days = 0;
	#previous = 0;

	/** Unix seconds, or seconds since a start that only the text knows. */
	timestamp({ kind, seconds }: PrintedTime): number {
		this.#kinds.add(kind);
		if (kind !== "clock") return seconds;
		// Past midnight, unless packets are only a little out of order.
		if (seconds < this.#previous - DAY / 2) this.#days += DAY;
		this.#previous = seconds;
		return this.#days + seconds;
	}

	/** Notes that intervals were printed. */
	sawIntervals(): void {
		this.#kinds.add("seconds");
	}

	/** Says in the report what was settled. */
	remark(report: SourceReport): void {
		if (this.#kinds.has("date")) {
			report.remarks.push(
				"the text does not name the time zone of its dates: they are taken as UTC",
			);
		}
		if (this.#kinds.has("clock")) {
			report.remarks.push(
				"the text has times of day without a date: they count from 1970-01-01",
			);
		}
		if (this.#kinds.has("seconds")) {
			report.remarks.push(
				"the text has times since its first packet only: they count from 1970-01-01",
			);
		}
	}
}
