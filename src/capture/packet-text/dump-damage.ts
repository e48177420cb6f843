// Lines of a text that are damaged or missing, counted, so that one remark can say so.

import type { SourceReport } from "../../inspect/chunk.js";

/** Counts damage, and remembers where the first is. */
export class DumpDamage {
	#count = 0;
	#firstLine = 0;

	/** Notes damage at a line, from 1. */
	note(line: number): void {
		if (this.#count++ === 0) this.#firstLine = line;
	}

	/** Says so in the report; `consequence` is what came of it. That the text ends in a line is no damage of that line. */
	remark(report: SourceReport, consequence: string, lastLine = 0): void {
		if (this.#count === 0) return;
		const atEnd = this.#count === 1 && this.#firstLine === lastLine;
		if (atEnd && report.truncated) return;
		report.remarks.push(
			this.#count === 1
				? `line ${this.#firstLine} is damaged, or one before it is missing: ${consequence}`
				: `${this.#count} places are damaged or lack lines, the first at line ${this.#firstLine}: ${consequence}`,
		);
	}
}
