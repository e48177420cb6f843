// Conversations whose packets carry their bytes in order, found by what names them. Their number is bounded: where there
// are too many, the one that was idle longest is forgotten.

import {
	RecordedFlow,
	type RecordedFlowOptions,
} from "../recognition/recorded-flow.js";

/** Conversations known at a time: more than a server has processes, at a kilobyte each. */
const MAX_FLOWS = 4096;

/** A table of conversations. */
export class FlowTable {
	/** Conversations that were forgotten. */
	forgotten = 0;
	/** Those first that were idle longest. */
	readonly #flows = new Map<string, RecordedFlow>();

	/** The most conversations it may have; fewer in tests. */
	constructor(readonly limit = MAX_FLOWS) {}

	/** The conversation of that name. */
	get(key: string): RecordedFlow | undefined {
		const flow = this.#flows.get(key);
		if (flow !== undefined) {
			this.#flows.delete(key);
			this.#flows.set(key, flow);
		}
		return flow;
	}

	/** Forgets one, because another has the same name. */
	delete(key: string): void {
		this.#flows.delete(key);
	}

	/** Begins one. */
	add(key: string, options: RecordedFlowOptions): RecordedFlow {
		for (const oldest of this.#flows.keys()) {
			if (this.#flows.size < this.limit) break;
			this.#flows.delete(oldest);
			this.forgotten++;
		}
		const flow = new RecordedFlow(options);
		this.#flows.set(key, flow);
		return flow;
	}
}
