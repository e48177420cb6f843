// Unexpected records that are like the one just shown: they are counted, and one line says how many there were.

import type { RecordEvent } from "../inspect/event.js";
import { type LineStyle, remarkLine } from "./remark.js";
import { ARROWS, count } from "./words.js";

/** Counts repeats of one record after another. */
export class Repeats {
	/** The last unexpected record, and how many of the same followed. */
	#repeated = "";
	#count = 0;

	/** Says that this record was shown. */
	begin(event: RecordEvent): void {
		this.#repeated = repeatKey(event);
	}

	/** Whether an unexpected record is like the one just shown; if so, it is only counted. */
	isRepeat(event: RecordEvent): boolean {
		if (this.#repeated !== repeatKey(event)) return false;
		this.#count++;
		return true;
	}

	/** Ends the counting, as something else is to be shown; the line that says how many there were. */
	end(style: LineStyle): string | undefined {
		const repeats = this.#count;
		this.#count = 0;
		this.#repeated = "";
		if (repeats === 0) return undefined;
		return remarkLine(
			`${count(repeats, "more record")} like it`,
			"warning",
			style,
		);
	}
}

function repeatKey(event: RecordEvent): string {
	const { record, connection, from } = event;
	return `${connection.number} ${ARROWS[from]} ${record.type} ${record.requestId} ${event.unexpected}`;
}
