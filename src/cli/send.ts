// `send`: requests to an application, and what comes back, shown as one conversation.

import { FcgiInspectError } from "../errors.js";
import type { ChunkSource } from "../inspect/chunk.js";
import { formatAddress } from "../live/address.js";
import { Client } from "../live/client.js";
import { visible } from "../render/words.js";
import { EXIT_FINDINGS, EXIT_INTERRUPTED } from "./exit-code.js";
import { failedOn } from "./finish.js";
import type { OutputOptions } from "./output-options.js";
import { ResponseBody } from "./response-body.js";
import { type Plan, type PlanOptions, planOf } from "./send-plan.js";
import { SendResults } from "./send-results.js";
import { targetOf } from "./send-target.js";
import { type Sink, show } from "./show.js";
import { NO_TEXT, showOptions, sinkOf } from "./show-options.js";

/** The options of `send`, as commander hands them over. */
export interface SendOptions
	extends Omit<OutputOptions, "records">,
		PlanOptions {
	/** What other commands have as `--records`. */
	readonly eachRecord?: boolean;
	readonly to?: string;
	readonly output?: string;
	readonly include?: boolean;
	readonly fail?: boolean;
	readonly dryRun?: boolean;
	readonly quiet?: boolean;
	/** Milliseconds. */
	readonly timeout?: number;
	/** Milliseconds. */
	readonly connectTimeout?: number;
}

/** A slow page takes seconds; what takes longer is named by --timeout. */
const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5000;

/** Sends, and shows. Throws FcgiInspectError for a bad option, or where the application does not answer. */
export async function send(options: SendOptions): Promise<void> {
	refuseUnused(options);
	const { records: _, eachRecord = false, ...output } = options;
	const shown = await showOptions(
		{ ...output, records: eachRecord },
		"--each-record",
	);
	const plan = await planOf(options);
	for (const remark of plan.remarks) say(remark);
	const results = new SendResults();
	const { sink: capture } = await sinkOf(output);
	const body =
		options.output === undefined
			? undefined
			: await ResponseBody.open(options.output, options.include ?? false);
	const sinks = [results, capture, body].filter((one) => one !== undefined);
	const hidden = options.quiet || options.output === "-";
	const showing = (source: ChunkSource) =>
		show(source, {
			...shown,
			...(hidden ? { format: NO_TEXT } : {}),
			sink: all(sinks),
		});
	if (options.dryRun) {
		const { dryRun } = await import("./dry-run.js");
		await showing(dryRun(plan));
		return;
	}
	await carryOut(plan, options, results, showing);
}

async function carryOut(
	plan: Plan,
	options: SendOptions,
	results: SendResults,
	showing: (source: ChunkSource) => ReturnType<typeof show>,
): Promise<void> {
	const to = targetOf(options.to, say);
	const client = new Client({
		to,
		connectTimeoutMs: options.connectTimeout ?? CONNECT_TIMEOUT_MS,
		timeoutMs: options.timeout ?? TIMEOUT_MS,
		connections: plan.connections,
	});
	let interrupted = false;
	const interrupt = () => {
		if (interrupted) process.exit(EXIT_INTERRUPTED);
		interrupted = true;
		client.stop();
	};
	process.on("SIGINT", interrupt);
	try {
		const [summary] = await Promise.all([
			showing(client),
			client.run(plan.jobs()),
		]);
		if (results.requests > 1) say(results.sentence());
		if (interrupted) process.exitCode = EXIT_INTERRUPTED;
		if (options.failOn !== undefined) {
			const found = failedOn(options.failOn, summary);
			if (found !== undefined) say(found);
		}
	} finally {
		process.off("SIGINT", interrupt);
	}
	if (interrupted) return;
	if (client.failure !== undefined) throw client.failure;
	const name = visible(formatAddress(to));
	const foreign = results.foreign;
	if (foreign !== undefined) {
		throw new FcgiInspectError("no-fastcgi", `${name}: ${foreign}`);
	}
	if (results.cutOff > 0) {
		throw new FcgiInspectError(
			"connection-failed",
			`${name}: the connection ended before the answer did`,
		);
	}
	const failure = results.failure;
	if (options.fail && failure !== undefined) {
		say(`${failure} (--fail)`);
		process.exitCode = EXIT_FINDINGS;
	}
}

/** Several sinks as one. */
function all(sinks: readonly Sink[]): Sink {
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

function refuseUnused(options: SendOptions): void {
	if (options.include && options.output === undefined) {
		throw usage("-i is for the response that -o writes");
	}
	if (options.output === "-" && options.write === "-") {
		throw usage("-o - and -w - cannot both write to stdout");
	}
	const many = (options.requests ?? 1) > 1 || (options.multiplex ?? 1) > 1;
	if (options.output !== undefined && many) {
		throw usage("-o is for one request");
	}
	if (options.dryRun && (options.output !== undefined || options.fail)) {
		throw usage("--dry-run gets no response, so -o and --fail have no use");
	}
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}

function say(line: string): void {
	process.stderr.write(`fcgi-inspect: ${visible(line)}\n`);
}
