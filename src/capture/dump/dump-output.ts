// What the readers of dumps hand out: bytes as they come, cut where something is missing or begins.

import { NOTHING } from "../../stage.js";
import { ByteSink } from "./byte-sink.js";
import type { DumpedBytes } from "./dumped-bytes.js";

/** Collects the dumped bytes of one push. */
export class DumpOutput {
	/** Bytes are put here. */
	readonly sink = new ByteSink();
	#made: DumpedBytes[] = [];
	/** Where in the sink the bytes start that are not handed out yet. */
	#start = 0;
	#missing: number | undefined = 0;
	#begins = false;

	/** What follows is a dump of its own. */
	begin(): void {
		this.#cut();
		this.#begins = true;
	}

	/** Bytes are missing in front of what follows; undefined where their number is not known. */
	miss(count: number | undefined): void {
		this.#cut();
		this.#missing =
			count === undefined || this.#missing === undefined
				? undefined
				: this.#missing + count;
	}

	/** Bytes are missing where the sink had this length. */
	missAt(length: number, count: number | undefined): void {
		const end = this.sink.length;
		this.sink.length = Math.max(length, this.#start);
		this.miss(count);
		this.sink.length = end;
	}

	/** Adds bytes that lie elsewhere, and stay there. */
	add(bytes: Buffer): void {
		this.#cut();
		this.#hand(bytes);
	}

	/** All that was collected since the last time: views that last until something is added again. */
	take(): readonly DumpedBytes[] {
		this.#cut();
		this.sink.length = this.#start = 0;
		if (this.#made.length === 0) return NOTHING;
		const made = this.#made;
		this.#made = [];
		return made;
	}

	#cut(): void {
		const end = this.sink.length;
		if (end === this.#start) return;
		this.#hand(this.sink.bytes.subarray(this.#start, end));
		this.#start = end;
	}

	#hand(bytes: Buffer): void {
		this.#made.push({
			bytes,
			missingBefore: this.#missing,
			begins: this.#begins,
		});
		this.#missing = 0;
		this.#begins = false;
	}
}
