// Ctrl-C on a source that has no end of its own: what is open is still shown, and the summary said.

import type { Chunk, ChunkSource } from "../inspect/chunk.js";

/**
 * How long a source may take to end after the first Ctrl-C. The terminal sends it to all programs of a pipeline, so the
 * one in front, such as tcpdump, writes what it still has, and ends; one that does not is not waited for.
 */
const GRACE_MS = 500;

let interrupted = false;

/** Whether a Ctrl-C has ended a source: a read of it may be under way still, and would keep the process alive. */
export function wasInterrupted(): boolean {
	return interrupted;
}

/** A source that also ends with the first Ctrl-C, if it has no end of its own. A second one ends the process at once. */
export function interruptible(source: ChunkSource): ChunkSource {
	if (!source.live) return source;
	const { report, live } = source;
	return {
		report,
		live,
		[Symbol.asyncIterator]: () => untilInterrupted(source),
	};
}

async function* untilInterrupted(
	source: AsyncIterable<readonly Chunk[]>,
): AsyncGenerator<readonly Chunk[], void, undefined> {
	const batches = source[Symbol.asyncIterator]();
	let timer: NodeJS.Timeout | undefined;
	let interrupt = () => {};
	const graceOver = new Promise<undefined>((resolve) => {
		interrupt = () => {
			interrupted = true;
			timer = setTimeout(() => resolve(undefined), GRACE_MS);
		};
	});
	process.once("SIGINT", interrupt);
	try {
		for (;;) {
			const next = await Promise.race([batches.next(), graceOver]);
			if (next === undefined || next.done) return;
			yield next.value;
		}
	} finally {
		clearTimeout(timer);
		process.off("SIGINT", interrupt);
	}
}
