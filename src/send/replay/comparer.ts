// Events of a replay into comparisons: each request that is sent stands for a recorded one, and its answer is compared with
// that one's while it comes.

import type { Connection } from "../../inspect/chunk.js";
import type { Comparison } from "../../inspect/comparison.js";
import type { FcgiEvent, RecordEvent } from "../../inspect/event.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { NOTHING, type Stage } from "../../stage.js";
import { AnswerComparison } from "./answer-comparison.js";
import { ALWAYS_OTHER } from "./compare-heads.js";
import type { RecordedRequest } from "./recorded-request.js";

/** A request that was sent for a recorded one. */
interface Sent {
	readonly recorded: RecordedRequest;
	/** Set where it is sent once more, so that nothing is made of this one. */
	superseded: boolean;
}

/** Compares the answers of a replay. */
export class Comparer implements Stage<FcgiEvent, Comparison> {
	readonly #ignored: ReadonlySet<string>;
	/** What is sent on each connection, in order, of which the inspector has not told yet. */
	readonly #sent = new Map<Connection, Sent[]>();
	readonly #last = new Map<RecordedRequest, Sent>();
	readonly #open = new Map<FcgiRequest, readonly [Sent, AnswerComparison]>();
	readonly #failures = new Map<RecordedRequest, string>();

	/** `ignored` names header fields that are not compared, besides those that always differ. */
	constructor(ignored: readonly string[] = NOTHING) {
		this.#ignored = new Set([
			...ALWAYS_OTHER,
			...ignored.map((name) => name.toLowerCase()),
		]);
	}

	/** Says which request the next one on a connection stands for. */
	sends(connection: Connection, recorded: RecordedRequest): void {
		const sent = { recorded, superseded: false };
		this.#last.set(recorded, sent);
		const queue = this.#sent.get(connection);
		if (queue === undefined) this.#sent.set(connection, [sent]);
		else queue.push(sent);
	}

	/** Says that a request is sent once more, and the first time is not to count. */
	sendsAgain(recorded: RecordedRequest): void {
		const sent = this.#last.get(recorded);
		if (sent !== undefined) sent.superseded = true;
	}

	/** Says why a request has no end. */
	failed(recorded: RecordedRequest, reason: string): void {
		this.#failures.set(recorded, reason);
	}

	push(event: FcgiEvent): readonly Comparison[] {
		switch (event.kind) {
			case "requestBegan":
				this.#began(event.request);
				return NOTHING;
			case "responseHead":
				this.#open.get(event.request)?.[1].takeHead(event.request.response);
				return NOTHING;
			case "record":
				this.#take(event);
				return NOTHING;
			case "bytesSkipped":
				if (event.from === "application") {
					this.#foreign(event.connection, event.firstBytes);
				}
				return NOTHING;
			case "connectionClosed":
				this.#sent.delete(event.connection);
				return NOTHING;
			case "requestEnded":
				return this.#ended(event.request);
			default:
				return NOTHING;
		}
	}

	end(): readonly Comparison[] {
		return NOTHING;
	}

	#began(request: FcgiRequest): void {
		const sent = this.#sent.get(request.connection)?.shift();
		if (sent === undefined) return;
		const comparison = new AnswerComparison(sent.recorded, this.#ignored);
		this.#open.set(request, [sent, comparison]);
	}

	#take({ from, request, record }: RecordEvent): void {
		if (from !== "application" || request === undefined) return;
		const comparison = this.#open.get(request)?.[1];
		if (record.kind === "stdout") comparison?.takeStdout(record.contentData);
		else if (record.kind === "stderr") {
			comparison?.takeStderr(record.contentData);
		} else if (record.kind === "endRequest") comparison?.takeEnd();
	}

	#foreign(connection: Connection, firstBytes: Buffer): void {
		for (const [request, [, comparison]] of this.#open) {
			if (request.connection === connection) {
				comparison.takeForeign(firstBytes);
			}
		}
	}

	#ended(request: FcgiRequest): readonly Comparison[] {
		const open = this.#open.get(request);
		if (open === undefined) return NOTHING;
		this.#open.delete(request);
		const [{ recorded, superseded }, comparison] = open;
		if (superseded) return NOTHING;
		this.#last.delete(recorded);
		const failure = this.#failures.get(recorded);
		this.#failures.delete(recorded);
		return [comparison.result(request, failure)];
	}
}
