// What comes of a replay: comparisons as they are made, shown as a table or for programs, and counted.

import type { Chunk } from "../../inspect/chunk.js";
import type { Comparison, Outcome } from "../../inspect/comparison.js";
import type { FcgiEvent } from "../../inspect/event.js";
import {
	comparisonJson,
	replaySummaryJson,
} from "../../render/comparison-json.js";
import { comparisonTable } from "../../render/comparison-table.js";
import {
	comparisonLines,
	replaySentence,
} from "../../render/comparison-words.js";
import type { OutputFormat } from "../../render/index.js";
import type { Comparer } from "../../send/index.js";
import type { Stage } from "../../stage.js";
import type { Sink } from "../show.js";

/** The formats of comparisons. */
export type ComparisonFormat = "table" | "json" | "ndjson";

/** Gathers comparisons. */
export class ReplayResults implements Sink {
	readonly #comparer: Comparer;
	/** Those that were left out, in the order of their numbers. */
	readonly #leftOut: Comparison[];
	readonly #wanted: number;
	readonly #told: (comparison: Comparison) => void;
	/** What is not shown yet; nothing where the traffic is shown. */
	readonly #fresh: Comparison[] = [];
	#isShown = false;
	readonly counts: Record<Outcome, number> = {
		same: 0,
		different: 0,
		unrecorded: 0,
		failed: 0,
		leftOut: 0,
	};
	/** Answers that ended with the connection where the recorded ones did not. */
	cutOff = 0;

	/** Of `wanted` requests some are `leftOut`; `told` is called with each comparison. */
	constructor(
		comparer: Comparer,
		wanted: number,
		leftOut: readonly Comparison[],
		told: (comparison: Comparison) => void,
	) {
		this.#comparer = comparer;
		this.#wanted = wanted;
		this.#leftOut = [...leftOut];
		this.#told = told;
	}

	/** Requests that should have been sent, and were not. */
	get notSent(): number {
		const seen = Object.values(this.counts).reduce((a, b) => a + b, 0);
		return this.#wanted - seen;
	}

	get sentence(): string {
		return replaySentence(this.counts, this.notSent);
	}

	/** Takes a comparison that was made without an answer. */
	add(comparison: Comparison): void {
		while ((this.#leftOut[0]?.request ?? Infinity) < comparison.request) {
			this.#count(this.#leftOut.shift() as Comparison);
		}
		this.#count(comparison);
	}

	push(_: Chunk, events: readonly FcgiEvent[]): void {
		this.end(events);
	}

	end(events: readonly FcgiEvent[]): void {
		for (const event of events) {
			for (const made of this.#comparer.push(event)) this.add(made);
		}
	}

	async flush(): Promise<void> {}

	async close(): Promise<void> {}

	/** The format that shows them, in place of the traffic. */
	format(name: ComparisonFormat): OutputFormat {
		this.#isShown = true;
		return {
			name: "comparison",
			summary: "how answers compare",
			uses: [],
			create: ({ columns, color = false } = {}) => {
				const stage =
					name === "table"
						? comparisonTable({ columns, color })
						: jsonStage(name, () => this.#summary());
				const shown = () =>
					this.#fresh.splice(0).flatMap((one) => [...stage.push(one)]);
				return {
					push: shown,
					end: () => {
						this.#flushLeftOut();
						return [...shown(), ...stage.end()];
					},
				};
			},
		};
	}

	/** Those left out at the end, where no format has asked for them. */
	finish(): void {
		this.#flushLeftOut();
	}

	#summary(): string {
		return replaySummaryJson(this.counts, this.notSent);
	}

	#flushLeftOut(): void {
		for (const one of this.#leftOut.splice(0)) this.#count(one);
	}

	#count(comparison: Comparison): void {
		this.counts[comparison.outcome]++;
		if (this.#isShown) this.#fresh.push(comparison);
		this.#told(comparison);
		const cutOff = comparison.differences.some(
			(one) => one.kind === "ending" && one.replayed === "closed",
		);
		if (cutOff) this.cutOff++;
	}
}

/** A comparison in one line, for stderr. */
export function comparisonSentence(comparison: Comparison): string {
	return `request ${comparison.request}: ${comparisonLines(comparison).join("; ")}`;
}

function jsonStage(
	name: "json" | "ndjson",
	summary: () => string,
): Stage<Comparison, string> {
	if (name === "ndjson") {
		return {
			push: (comparison) => [`${comparisonJson(comparison)}\n`],
			end: () => [`${summary()}\n`],
		};
	}
	let empty = true;
	return {
		push(comparison) {
			const text = (empty ? "[\n" : ",\n") + comparisonJson(comparison);
			empty = false;
			return [text];
		},
		end: () => [empty ? "[]\n" : "\n]\n"],
	};
}
