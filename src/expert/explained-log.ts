// Sorts the lines of a log by the findings that they stem from.

import type { Check } from "../inspect/check.js";
import { checksOfLogLine } from "./log-lines.js";

/** Lines that stem from the same findings. */
export interface LinesAlike {
	/** The usual cause first. */
	readonly checks: readonly Check[];
	/** The first of the lines. */
	readonly first: string;
	lines: number;
}

/** Most groups that are kept: more than there are ways to combine what the lines of one server stem from. */
const MAX_GROUPS = 1000;

/** What is known of a log. */
export class ExplainedLog {
	readonly #checks: readonly Check[];
	readonly #groups = new Map<string, LinesAlike>();
	/** Lines of which nothing is known; empty ones do not count. */
	unknown = 0;
	/** The first of these. */
	firstUnknown = "";

	constructor(checks: readonly Check[]) {
		this.#checks = checks;
	}

	/** The groups, that of the most lines first. */
	get groups(): readonly LinesAlike[] {
		return [...this.#groups.values()].sort((a, b) => b.lines - a.lines);
	}

	/** Takes the next line. */
	add(line: string): void {
		if (line.trim() === "") return;
		const checks = checksOfLogLine(line, this.#checks).map(
			({ check }) => check,
		);
		const key = checks.map(({ code }) => code).join(" ");
		const group = this.#groups.get(key);
		if (checks.length === 0) {
			if (this.unknown === 0) this.firstUnknown = line;
			this.unknown++;
		} else if (group !== undefined) group.lines++;
		else if (this.#groups.size < MAX_GROUPS) {
			this.#groups.set(key, { checks, first: line, lines: 1 });
		}
	}
}
