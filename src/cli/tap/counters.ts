// What a command that runs on has seen so far, in a line.

import { formatSummary } from "../../render/summary.js";
import { count } from "../../render/words.js";
import type { Tally } from "../tally.js";

/** The rate is that of the last so many milliseconds. */
const RATE_OVER_MS = 2000;

/** A tally, and how fast it grows. */
export class Counters {
	readonly tally: Tally;
	#marks: { readonly at: number; readonly requests: number }[] = [];

	constructor(tally: Tally) {
		this.tally = tally;
	}

	/** For the moment: `12 requests, 4/s; 2 open; 1 error`. */
	line(): string {
		const { requests, open, findings } = this.tally;
		const parts = [
			`${count(requests, "request")}, ${this.#rate(requests)}/s`,
			`${open} open`,
		];
		for (const severity of ["error", "warning", "note"] as const) {
			const found = findings[severity];
			if (found > 0) parts.push(count(found, severity));
		}
		return parts.join("; ");
	}

	/** All of it: `12 requests, 96 records on 3 connections; 2 findings (2 notes); 0 open`. */
	sentence(open = this.tally.open): string {
		return formatSummary({ ...this.tally.summary(NO_REPORT), open });
	}

	#rate(requests: number): number {
		const at = Date.now();
		this.#marks.push({ at, requests });
		this.#marks = this.#marks.filter((mark) => at - mark.at <= RATE_OVER_MS);
		const first = this.#marks[0];
		if (first === undefined || first.at === at) return 0;
		return Math.round((requests - first.requests) / ((at - first.at) / 1000));
	}
}

/** What a source would say of itself is said elsewhere. */
const NO_REPORT = {
	format: "",
	truncated: false,
	remarks: [],
	otherConnections: 0,
};
