// One answer that comes, compared with the recorded one: head, body, STDERR, and how it ends.

import {
	CgiHeadReader,
	type CgiResponse,
	MAX_HEAD_BYTES,
} from "../../inspect/cgi-response.js";
import type {
	AnswerEnding,
	Comparison,
	Difference,
	Outcome,
} from "../../inspect/comparison.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { headDifferences } from "./compare-heads.js";
import type { RecordedRequest } from "./recorded-request.js";
import { StreamComparison } from "./stream-comparison.js";

/** Bytes in which the head of a recorded answer is looked for at once. */
const HEAD_BLOCK = 8192;

/** Compares one answer. */
export class AnswerComparison {
	readonly #recorded: RecordedRequest;
	readonly #ignored: ReadonlySet<string>;
	readonly #head: CgiResponse | undefined;
	/** Undefined while it is not known where the body starts. */
	#stdout: StreamComparison | undefined;
	readonly #stderr: StreamComparison;
	/** STDOUT that came in front of that. */
	#held: Buffer[] = [];
	#heldBytes = 0;
	#ended = false;
	#foreign: Buffer | undefined;

	constructor(recorded: RecordedRequest, ignored: ReadonlySet<string>) {
		this.#recorded = recorded;
		this.#ignored = ignored;
		this.#head = recordedHead(recorded);
		const { stderr, stderrWhole } = recorded.answer;
		this.#stderr = new StreamComparison({
			kind: "stderr",
			bytes: stderr,
			from: 0,
			whole: stderrWhole,
		});
	}

	/** Takes a piece of STDOUT: a view, which is copied where it is kept. */
	takeStdout(content: Buffer): void {
		if (this.#stdout !== undefined) {
			this.#stdout.push(content);
			return;
		}
		this.#held.push(Buffer.from(content));
		this.#heldBytes += content.length;
		if (this.#heldBytes > MAX_HEAD_BYTES) this.takeHead(undefined);
	}

	/** The head is whole, and what came behind it is the body; or there is none. */
	takeHead(replayed: CgiResponse | undefined): void {
		if (this.#stdout !== undefined) return;
		const both = this.#head !== undefined && replayed !== undefined;
		const { stdout, stdoutWhole } = this.#recorded.answer;
		this.#stdout = new StreamComparison({
			kind: both ? "body" : "stdout",
			bytes: stdout,
			from: both ? (this.#head?.headBytes ?? 0) : 0,
			whole: stdoutWhole,
		});
		let skipped = both ? replayed.headBytes : 0;
		for (const piece of this.#held) {
			const rest = piece.subarray(skipped);
			skipped -= piece.length - rest.length;
			this.#stdout.push(rest);
		}
		this.#held = [];
	}

	takeStderr(content: Buffer): void {
		this.#stderr.push(content);
	}

	/** END_REQUEST came. */
	takeEnd(): void {
		this.#ended = true;
	}

	/** Bytes came that are no records. */
	takeForeign(firstBytes: Buffer): void {
		this.#foreign ??= Buffer.from(firstBytes);
	}

	/** The request is over; `failure` says why nobody waited for its end. */
	result(replayed: FcgiRequest, failure: string | undefined): Comparison {
		this.takeHead(undefined);
		const { answer } = this.#recorded;
		const ending = this.#endingOf(replayed);
		const stopped =
			ending === "unknown" ? (failure ?? "it was broken off") : undefined;
		const givenUp = answer.aborted || stopped !== undefined;
		const headKnown = answer.stdoutWhole || this.#head !== undefined;
		const differences: Difference[] = [];
		if (headKnown) {
			differences.push(...this.#headDifferences(replayed, givenUp));
			const body = this.#stdout?.difference(givenUp);
			if (body !== undefined) differences.push(body);
		}
		const stderr = this.#stderr.difference(givenUp);
		if (stderr !== undefined) differences.push(stderr);
		differences.push(...this.#endDifferences(replayed, ending));
		const nothingRecorded = !headKnown && answer.stderr.length === 0;
		return {
			...namesOf(this.#recorded),
			...outcomeOf(differences, stopped, nothingRecorded, answer.ending),
			recorded: recordedFacts(this.#recorded, this.#head),
			replayed: {
				status: replayed.response?.status,
				seconds: between(replayed.startedAt, replayed.endedAt),
			},
			differences,
		};
	}

	#headDifferences(
		{ response }: FcgiRequest,
		givenUp: boolean,
	): readonly Difference[] {
		if (this.#head !== undefined && response !== undefined) {
			return headDifferences(this.#head, response, this.#ignored);
		}
		if (givenUp || this.#head?.status === response?.status) return [];
		return [
			{
				kind: "status",
				recorded: this.#head?.status,
				replayed: response?.status,
			},
		];
	}

	#endDifferences(
		replayed: FcgiRequest,
		ending: AnswerEnding,
	): readonly Difference[] {
		const differences: Difference[] = [];
		const { answer } = this.#recorded;
		if (this.#foreign !== undefined && !answer.rubbish) {
			differences.push({ kind: "noRecord", replayed: this.#foreign });
		}
		if (answer.ending === "unknown" || ending === "unknown") return differences;
		if (answer.ending !== ending) {
			const recorded = answer.ending;
			differences.push({ kind: "ending", recorded, replayed: ending });
			return differences;
		}
		for (const kind of ["appStatus", "protocolStatus"] as const) {
			if (answer[kind] === replayed[kind]) continue;
			differences.push({
				kind,
				recorded: answer[kind],
				replayed: replayed[kind],
			});
		}
		return differences;
	}

	#endingOf({ closedBy }: FcgiRequest): AnswerEnding {
		if (this.#ended) return "ended";
		return closedBy === "application" ? "closed" : "unknown";
	}
}

/** The comparison of a request that was not sent, or that nothing is known of. */
export function comparisonWithout(
	recorded: RecordedRequest,
	outcome: Outcome,
	reason: string,
): Comparison {
	return {
		...namesOf(recorded),
		outcome,
		reason,
		recorded: recordedFacts(recorded, recordedHead(recorded)),
		replayed: undefined,
		differences: [],
	};
}

function outcomeOf(
	differences: readonly Difference[],
	stopped: string | undefined,
	nothingRecorded: boolean,
	ending: AnswerEnding,
): Pick<Comparison, "outcome" | "reason"> {
	if (stopped !== undefined) return { outcome: "failed", reason: stopped };
	if (differences.length > 0) {
		return { outcome: "different", reason: undefined };
	}
	if (nothingRecorded) {
		return {
			outcome: "unrecorded",
			reason: "the recording has no answer to compare with",
		};
	}
	return {
		outcome: "same",
		reason:
			ending === "unknown"
				? "the recording does not have the answer's end"
				: undefined,
	};
}

function namesOf({
	number,
	method,
	uri,
}: RecordedRequest): Pick<Comparison, "request" | "method" | "uri"> {
	return { request: number, method, uri };
}

function recordedFacts(
	{ startedAt, endedAt, answer }: RecordedRequest,
	head: CgiResponse | undefined,
): Comparison["recorded"] {
	return {
		status: head?.status,
		seconds:
			answer.ending === "unknown" ? undefined : between(startedAt, endedAt),
	};
}

function between(
	from: number | undefined,
	to: number | undefined,
): number | undefined {
	return from === undefined || to === undefined ? undefined : to - from;
}

function recordedHead({ answer }: RecordedRequest): CgiResponse | undefined {
	const reader = new CgiHeadReader();
	const most = Math.min(answer.stdout.length, MAX_HEAD_BYTES + HEAD_BLOCK);
	for (const block of answer.stdout.blocks(HEAD_BLOCK, 0, most)) {
		const head = reader.push(block);
		if (head !== undefined) return head;
	}
	return undefined;
}
