// The client that all ways of sending have in common: how long it waits, how Ctrl-C ends it, and what sees all that passes.

import type { ChunkSource } from "../../inspect/chunk.js";
import type { Address } from "../../live/address.js";
import { Client, type ClientOptions } from "../../live/client.js";
import type { Summary } from "../../render/summary.js";
import { EXIT_INTERRUPTED } from "../exit-code.js";
import type { Sink, show } from "../show.js";

/** A slow page takes seconds; what takes longer is named by --timeout. */
const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5000;

/** How long to wait, as the options say. */
export interface WaitOptions {
	/** Milliseconds. */
	readonly timeout?: number;
	/** Milliseconds. */
	readonly connectTimeout?: number;
}

/** Who sends, as the options say. */
export function clientOf(
	to: Address,
	{ timeout, connectTimeout }: WaitOptions,
	options: Pick<ClientOptions, "connections" | "givesUpAfter">,
): Client {
	return new Client({
		to,
		connectTimeoutMs: connectTimeout ?? CONNECT_TIMEOUT_MS,
		timeoutMs: timeout ?? TIMEOUT_MS,
		...options,
	});
}

/** Carries out jobs and shows them; the first Ctrl-C gives up what is under way, the second ends the process at once. */
export async function runUntilInterrupted(
	client: Client,
	jobs: Parameters<Client["run"]>[0],
	showing: (source: ChunkSource) => ReturnType<typeof show>,
): Promise<{ readonly summary: Summary; readonly interrupted: boolean }> {
	let interrupted = false;
	const interrupt = () => {
		if (interrupted) process.exit(EXIT_INTERRUPTED);
		interrupted = true;
		client.stop();
	};
	process.on("SIGINT", interrupt);
	try {
		const [summary] = await Promise.all([showing(client), client.run(jobs)]);
		return { summary, interrupted };
	} finally {
		process.off("SIGINT", interrupt);
	}
}

/** Several sinks as one. */
export function all(sinks: readonly Sink[]): Sink {
	return {
		push(chunk, events) {
			for (const sink of sinks) sink.push(chunk, events);
		},
		end(events) {
			for (const sink of sinks) sink.end(events);
		},
		async flush() {
			for (const sink of sinks) await sink.flush();
		},
		async close() {
			for (const sink of sinks) await sink.close();
		},
	};
}
