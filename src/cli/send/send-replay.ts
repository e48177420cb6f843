// `send --replay`: recorded requests to an application, and its answers compared with the recorded ones.

import { FcgiInspectError } from "../../errors.js";
import type { ChunkSource } from "../../inspect/chunk.js";
import { formatAddress } from "../../live/address.js";
import { Turns } from "../../live/turns.js";
import { count, duration, visible } from "../../render/words.js";
import {
	ALL_REQUESTS,
	Comparer,
	comparisonWithout,
	parseTiming,
	type RecordedRequest,
	requestNumbers,
	type Timing,
} from "../../send/index.js";
import { EXIT_FINDINGS, EXIT_INTERRUPTED } from "../exit-code.js";
import { failedOn } from "../finish.js";
import { type ShowOptions, show } from "../show.js";
import { NO_TEXT, showOptions, sinkOf } from "../show-options.js";
import type { ReplayOptions } from "./replay-options.js";
import { readRecording } from "./replay-recording.js";
import {
	type ComparisonFormat,
	comparisonSentence,
	ReplayResults,
} from "./replay-results.js";
import { refuseOtherPlans, sendingOf, turnsOf } from "./replay-turns.js";
import type { SendOptions } from "./send.js";
import { all, clientOf, runUntilInterrupted } from "./send-client.js";
import { SendResults } from "./send-results.js";
import { targetOf } from "./send-target.js";
import { Spool } from "./spool.js";

/**
 * Connections at a time where requests have their recorded times, unless the options say otherwise: more than any pool of
 * processes that answers them, so that none has to wait for another.
 */
const CONNECTIONS_IN_TIME = 256;

/** So many refused connections in a row, and the application is taken for gone. */
const MAX_REFUSED = 10;

/** Replays. Throws FcgiInspectError for a bad option or recording, or where the application does not answer. */
export async function replay(
	options: SendOptions & ReplayOptions,
): Promise<void> {
	refuseUnused(options);
	const { request, timing: wanted = "none" } = options;
	const numbers =
		request === undefined ? ALL_REQUESTS : requestNumbers(request);
	const timing = parseTiming(wanted);
	const sending = sendingOf(options, timing);
	const { records: _, eachRecord = false, ...output } = options;
	const shown = await showOptions(
		{ ...output, records: eachRecord },
		{ eachRecord: "--each-record" },
	);
	const spool = new Spool();
	try {
		const file = options.replay ?? "-";
		const recorded = await readRecording(file, options, numbers, spool);
		for (const remark of recorded.remarks) say(remark);
		const { requests } = recorded;
		const whole = requests.filter((one) => !sending.refusal(one));
		const left = requests.filter((one) => sending.refusal(one));
		if (whole.length === 0) throw nothingWhole(file, left, sending);
		if (options.dryRun) {
			const turns = turnsOf(whole, sending, timing, () => ({}));
			for (const one of left) {
				say(`request ${one.number} is left out: ${sending.refusal(one)}`);
			}
			await dryRunOf(turns, shown, output);
			return;
		}
		const comparer = new Comparer(options.ignoreHeader);
		const silent = options.quiet || comparisonFormat(options) === undefined;
		const results = new ReplayResults(
			comparer,
			requests.length,
			left.map((one) =>
				comparisonWithout(one, "leftOut", sending.refusal(one) ?? ""),
			),
			(comparison) => {
				if (!silent || comparison.outcome === "same") return;
				say(comparisonSentence(comparison), true);
			},
		);
		const refusals = { inARow: 0 };
		const turns = new Turns(
			turnsOf(whole, sending, timing, (one) =>
				observed(one, comparer, results, refusals, () => turns.stop()),
			),
		);
		await carryOut(options, { turns, comparer, results, shown, timing, whole });
	} finally {
		spool.close();
	}
}

/** What is told of a request that is sent. */
function observed(
	one: RecordedRequest,
	comparer: Comparer,
	results: ReplayResults,
	refusals: { inARow: number },
	giveUp: () => void,
) {
	let wasSent = false;
	return {
		sent(connection: Parameters<Comparer["sends"]>[0]) {
			wasSent = true;
			refusals.inARow = 0;
			comparer.sends(connection, one);
		},
		// One that ended with the connection when it was recorded may end that way again.
		again:
			one.answer.ending !== "closed" &&
			(() => {
				wasSent = false;
				comparer.sendsAgain(one);
			}),
		failed(error: FcgiInspectError) {
			if (wasSent) comparer.failed(one, error.message);
			else {
				results.add(comparisonWithout(one, "failed", error.message));
				if (++refusals.inARow >= MAX_REFUSED) giveUp();
			}
		},
	};
}

/** All that a replay is made of. */
interface Replay {
	readonly turns: Turns;
	readonly comparer: Comparer;
	readonly results: ReplayResults;
	readonly shown: ShowOptions;
	readonly timing: Timing;
	readonly whole: readonly RecordedRequest[];
}

async function carryOut(
	options: SendOptions & ReplayOptions,
	{ turns, results, shown, timing, whole }: Replay,
): Promise<void> {
	const to = targetOf(options.to, say);
	const { records: _, ...output } = options;
	const { sink: capture } = await sinkOf(output, options.replay ?? "-");
	const traffic = new SendResults();
	const sinks = [results, traffic, capture].filter((one) => one !== undefined);
	const comparisons = comparisonFormat(options);
	const most =
		options.connections ?? (timing === undefined ? 1 : CONNECTIONS_IN_TIME);
	const client = clientOf(to, options, {
		connections: Math.min(most, whole.length),
		// A replay has a limit of its own.
		givesUpAfter: Number.POSITIVE_INFINITY,
	});
	traffic.wasInVain = (connection) => client.wasInVain(connection);
	const { summary, interrupted } = await runUntilInterrupted(
		client,
		turns,
		(source: ChunkSource) =>
			show(source, {
				...shown,
				...(options.quiet
					? { format: NO_TEXT }
					: comparisons === undefined
						? {}
						: { format: results.format(comparisons) }),
				sink: all(sinks),
			}),
	);
	results.finish();
	say(results.sentence);
	sayLate(turns);
	if (options.failOn !== undefined) {
		const found = failedOn(options.failOn, summary);
		if (found !== undefined) say(found);
	}
	if (results.counts.different > 0) process.exitCode = EXIT_FINDINGS;
	if (interrupted) {
		process.exitCode = EXIT_INTERRUPTED;
		return;
	}
	if (client.failure !== undefined) throw client.failure;
	const name = visible(formatAddress(to));
	if (traffic.foreign !== undefined) {
		throw new FcgiInspectError("no-fastcgi", `${name}: ${traffic.foreign}`);
	}
	if (results.cutOff === 0) return;
	throw new FcgiInspectError(
		"connection-failed",
		`${name}: ${results.cutOff === 1 ? "a connection" : `${results.cutOff} connections`} ended before the answer did`,
	);
}

function sayLate({ late, latest }: Turns): void {
	if (late === 0) return;
	say(
		`${count(late, "request")} ${late === 1 ? "was" : "were"} sent later than recorded, by up to ${duration(latest / 1000)}: the application, or this machine, is slower, or --connections too few`,
	);
}

async function dryRunOf(
	turns: ReturnType<typeof turnsOf>,
	shown: ShowOptions,
	output: Parameters<typeof sinkOf>[0],
): Promise<void> {
	const { dryRun } = await import("./dry-run.js");
	const plan = {
		*jobs() {
			for (const turn of turns) yield turn.job();
		},
	};
	await show(dryRun(plan), { ...shown, ...(await sinkOf(output)) });
}

function nothingWhole(
	file: string,
	left: readonly RecordedRequest[],
	sending: ReturnType<typeof sendingOf>,
): FcgiInspectError {
	const [first] = left;
	const more = left.length > 1 ? `, and ${left.length - 1} like it` : "";
	const why = first && `request ${first.number}: ${sending.refusal(first)}`;
	return new FcgiInspectError(
		"no-fastcgi",
		visible(`${file}: no request in it can be sent (${why}${more})`),
	);
}

/** How comparisons are shown; undefined where the traffic is asked for instead. */
function comparisonFormat(options: SendOptions): ComparisonFormat | undefined {
	const { format, tree, hex, write, eachRecord, as } = options;
	if (tree || hex || eachRecord || as !== undefined || write === "-") {
		return undefined;
	}
	if (format === undefined) return "table";
	return format === "json" || format === "ndjson" ? format : undefined;
}

function refuseUnused(options: SendOptions): void {
	refuseOtherPlans(options);
	if (options.output !== undefined || options.include) {
		throw usage("-o is for one request, and --replay compares");
	}
	if (options.fail) {
		throw usage("--fail is for single requests; --replay compares");
	}
	if (options.verbose) {
		throw usage(
			"-v is for single requests; with --replay, -T flow shows the conversations",
		);
	}
	if (options.redact !== undefined) {
		throw usage(
			"--redact and --replay exclude each other: answers are compared as they are",
		);
	}
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}

/** Says a line; one that is fit to be printed already is not escaped again. */
function say(line: string, fit = false): void {
	process.stderr.write(`fcgi-inspect: ${fit ? line : visible(line)}\n`);
}
