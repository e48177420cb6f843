// What would be sent, as chunks of a conversation in which nobody answers.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { Chunk, ChunkSource, Connection } from "../../inspect/chunk.js";
import type { Plan } from "./send-plan.js";

/** A source of what a plan writes; pauses are left out, and nothing is waited for. */
export function dryRun(plan: Pick<Plan, "jobs">): ChunkSource {
	return {
		live: false,
		report: {
			format: "dry run",
			truncated: false,
			remarks: [],
			otherConnections: 0,
		},
		[Symbol.asyncIterator]: () => chunksOf(plan),
	};
}

async function* chunksOf(
	plan: Pick<Plan, "jobs">,
): AsyncGenerator<readonly Chunk[]> {
	let number = 0;
	let connection: Connection | undefined;
	let last: unknown;
	for (const { script, keepConn, on } of plan.jobs()) {
		if (on !== last) connection = undefined;
		last = on;
		connection ??= { number: number++, startSeen: true };
		const chunk = { ...NOTHING_SAID, connection };
		for await (const step of script) {
			if (step.kind === "write") yield [{ ...chunk, bytes: step.bytes }];
			else if (step.kind === "reset") yield [{ ...chunk, closes: "rst" }];
			else if (step.kind === "halfClose" || step.kind === "close") {
				yield [{ ...chunk, closes: "fin" }];
			}
		}
		if (!keepConn) connection = undefined;
	}
}

const NOTHING_SAID = {
	from: "webServer",
	timestamp: undefined,
	frame: undefined,
	missingBefore: 0,
	closes: undefined,
	bytes: NO_BYTES,
} as const;
