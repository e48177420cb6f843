// Records into writes: small ones together or each by itself, a pause or an abort in between, and all of it in writes of
// few bytes where that is asked for. Each is a stage; nothing here knows what is in a record, FCGI_ABORT_REQUEST apart.

import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Step } from "../fastcgi/step.js";
import { join, NOTHING, type Stage } from "../stage.js";
import type { Framing, Split } from "./framing.js";
import { RecordWriter } from "./record-writer.js";
import type { Piece } from "./request-records.js";

/** Bytes of records that are written together: what a socket takes at once anyway, and one full record. */
const WRITE_BYTES = 65_536;

const ABORT_REQUEST = 2;

/** A stage that can say that it wants no more. */
export interface EndingStage<In, Out> extends Stage<In, Out> {
	readonly done: boolean;
}

/** Pieces into the steps that a framing asks for. */
export function writesOf({ writes, split }: Framing): Stage<Piece, Step> {
	const together = new Together(writes === "each" ? 0 : WRITE_BYTES);
	return split === undefined ? together : join(together, new InSmall(split));
}

/** A request's pieces, with its abort at its time; all of them where it is not to be aborted. */
export function abortOf(framing: Framing): EndingStage<Piece, Piece> {
	return new Abort(framing);
}

class Abort implements EndingStage<Piece, Piece> {
	readonly #framing: Framing;
	#records = 0;
	#begun = 0;
	#done = false;

	constructor(framing: Framing) {
		this.#framing = framing;
	}

	get done(): boolean {
		return this.#done;
	}

	push(piece: Piece): readonly Piece[] {
		const { abort } = this.#framing;
		if (abort === undefined || typeof piece === "string") return [piece];
		if (this.#records++ === 0) this.#begun = performance.now();
		const due =
			"records" in abort
				? this.#records >= abort.records
				: performance.now() - this.#begun >= abort.milliseconds;
		return due ? [piece, ...this.#abort()] : [piece];
	}

	end(): readonly Piece[] {
		const { abort } = this.#framing;
		if (abort === undefined || this.#done) return NOTHING;
		if ("records" in abort) return this.#abort();
		const passed = performance.now() - this.#begun;
		const rest = Math.max(abort.milliseconds - passed, 0);
		return [rest, ...this.#abort()];
	}

	#abort(): readonly Piece[] {
		this.#done = true;
		const { requestId, padding } = this.#framing;
		return [new RecordWriter(requestId, padding).record(ABORT_REQUEST)];
	}
}

/** Holds records until there are enough for a write. */
class Together implements Stage<Piece, Step> {
	readonly #enough: number;
	#held: Buffer[] = [];
	#length = 0;

	constructor(enough: number) {
		this.#enough = enough;
	}

	push(piece: Piece): readonly Step[] {
		if (piece === "pause") return this.end();
		if (typeof piece === "number") {
			return [...this.end(), { kind: "wait", milliseconds: piece }];
		}
		// A full record is not copied to stand behind small ones.
		const before =
			this.#length > 0 && this.#length + piece.length > 2 * this.#enough
				? this.end()
				: NOTHING;
		this.#held.push(piece);
		this.#length += piece.length;
		if (this.#length < this.#enough) return before;
		return before.length === 0 ? this.end() : [...before, ...this.end()];
	}

	end(): readonly Step[] {
		if (this.#held.length === 0) return NOTHING;
		const bytes =
			this.#held.length === 1
				? (this.#held[0] as Buffer)
				: Buffer.concat(this.#held, this.#length);
		this.#held = [];
		this.#length = 0;
		return [{ kind: "write", bytes }];
	}
}

/** Writes of the same number of bytes, wherever records end, with pauses between them. */
class InSmall implements Stage<Step, Step> {
	readonly #split: Split;
	#rest: Buffer = NO_BYTES;
	#first = true;

	constructor(split: Split) {
		this.#split = split;
	}

	push(step: Step): readonly Step[] {
		if (step.kind !== "write") return [...this.end(), step];
		const { bytes: size } = this.#split;
		const bytes = Buffer.concat([this.#rest, step.bytes]);
		const steps: Step[] = [];
		let at = 0;
		for (; at + size <= bytes.length; at += size) {
			this.#write(bytes.subarray(at, at + size), steps);
		}
		this.#rest = bytes.subarray(at);
		return steps;
	}

	end(): readonly Step[] {
		const steps: Step[] = [];
		if (this.#rest.length > 0) this.#write(this.#rest, steps);
		this.#rest = NO_BYTES;
		return steps;
	}

	#write(bytes: Buffer, steps: Step[]): void {
		const { pause } = this.#split;
		if (!this.#first && pause > 0) {
			steps.push({ kind: "wait", milliseconds: pause });
		}
		this.#first = false;
		steps.push({ kind: "write", bytes });
	}
}
