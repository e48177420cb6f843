// `send`: requests to an application, and what comes back, shown as one conversation.

import { FcgiInspectError } from "../../errors.js";
import type { ChunkSource } from "../../inspect/chunk.js";
import type { FcgiEvent } from "../../inspect/event.js";
import { formatAddress } from "../../live/address.js";
import { type Client, GIVES_UP_AFTER } from "../../live/client.js";
import { count, visible } from "../../render/words.js";
import { PING_PAGE, STATUS_PAGE } from "../../send/index.js";
import { NOTHING, type Stage } from "../../stage.js";
import { EXIT_FINDINGS, EXIT_INTERRUPTED } from "../exit-code.js";
import { finish } from "../finish.js";
import { LiveOutput } from "../live-output.js";
import type { OutputOptions } from "../output-options.js";
import { show } from "../show.js";
import { NO_TEXT, showOptions, sinkOf } from "../show-options.js";
import { ResponseBody } from "./response-body.js";
import {
	all,
	clientOf,
	runUntilInterrupted,
	type WaitOptions,
} from "./send-client.js";
import { inputsOf, type Plan, type PlanOptions, planOf } from "./send-plan.js";
import { SendResults } from "./send-results.js";
import { targetOf } from "./send-target.js";
import { refuseUnusedOptions } from "./send-unused.js";

/** The options of `send`, as commander hands them over. */
export interface SendOptions
	extends Omit<OutputOptions, "records">,
		PlanOptions,
		WaitOptions {
	/** What other commands have as `--records`. */
	readonly eachRecord?: boolean;
	readonly to?: string;
	readonly output?: string;
	readonly include?: boolean;
	/** The conversation goes to stderr, and the body to stdout where `output` says nothing else. */
	readonly verbose?: boolean;
	readonly fail?: boolean;
	readonly dryRun?: boolean;
	readonly quiet?: boolean;
}

/** Who answers FCGI_GET_VALUES does so at once, and many never do. */
const VALUES_TIMEOUT_MS = 2000;

/** Sends, and shows. Throws FcgiInspectError for a bad option, or where the application does not answer. */
export async function send(typed: SendOptions): Promise<void> {
	const options = typed.verbose ? { output: "-", ...typed } : typed;
	refuseUnused(options);
	const { records: _, eachRecord = false, ...output } = options;
	const stream = options.verbose ? process.stderr : process.stdout;
	const hidden = options.quiet || (options.output === "-" && !options.verbose);
	const { write, failOn, summary } = options;
	// Looking for what nobody is told would cost the most of it.
	const findings =
		options.findings && Boolean(!hidden || write || failOn || summary);
	const shown = await showOptions(
		{ ...output, findings, records: eachRecord },
		{ stream, eachRecord: "--each-record" },
	);
	refuseUnusedOptions(options);
	const plan = await planOf(options);
	for (const remark of plan.remarks) say(remark);
	const results = new SendResults();
	const inputs = inputsOf(options);
	const body =
		options.output === undefined
			? undefined
			: await ResponseBody.open(options.output, {
					withHead: options.include ?? false,
					inputs,
					capture: write,
				});
	const { sink: capture } = await sinkOf(output, ...inputs);
	const sinks = [results, capture, body].filter((one) => one !== undefined);
	const showing = (source: ChunkSource) =>
		show(source, {
			...shown,
			...(hidden ? { format: NO_TEXT } : {}),
			...(options.dryRun && shown.format.name === "flow"
				? { view: WITHOUT_ENDS }
				: {}),
			// Where nobody reads stderr, the body is wanted all the same.
			...(options.verbose ? { output: new LiveOutput(2, () => {}) } : {}),
			sink: sinks.length === 1 ? results : all(sinks),
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
	const name = visible(formatAddress(to));
	const valuesTimeout =
		options.getValues === undefined ? {} : { timeout: VALUES_TIMEOUT_MS };
	const client = clientOf(
		to,
		{ ...valuesTimeout, ...options },
		{ connections: plan.connections },
	);
	results.wasInVain = (connection) => client.wasInVain(connection);
	const { summary, interrupted } = await runUntilInterrupted(
		client,
		plan.jobs(),
		showing,
	);
	// An application may have answered before a pipe has brought all; that would keep the process alive.
	for (const pipe of plan.pipes ?? []) pipe.destroy();
	if (results.requests > 1) say(results.sentence() + sentAgain(client));
	// Of one that was not sent, the error tells.
	if (client.unsent + results.requests > 1 && client.unsent > 0) {
		say(unsent(client));
	}
	const { output, verbose, quiet } = options;
	if (output === "-" && !verbose && !quiet && results.stderrBytes > 0) {
		const bytes = count(results.stderrBytes, "byte");
		say(`the application wrote ${bytes} to STDERR: -v shows them`);
	}
	finish(summary, name, options);
	if (interrupted) process.exitCode = EXIT_INTERRUPTED;
	if (interrupted) return;
	const foreign = results.foreign;
	if (foreign !== undefined) {
		throw new FcgiInspectError("no-fastcgi", `${name}: ${foreign}`);
	}
	if (client.failure !== undefined) throw client.failure;
	if (results.cutOff > 0) {
		throw new FcgiInspectError(
			"connection-failed",
			`${name}: the connection ended before the answer did`,
		);
	}
	const failure = results.failure;
	if (failure !== undefined) hint(options);
	if (options.fail && failure !== undefined) {
		say(`${failure} (--fail)`);
		process.exitCode = EXIT_FINDINGS;
	}
}

/** What may be missing where php-fpm does not answer for itself. */
function hint({ ping, status }: SendOptions): void {
	for (const [page, usual, name, setting] of [
		[ping, PING_PAGE, "--ping", "ping.path"],
		[status, STATUS_PAGE, "--status", "pm.status_path"],
	] as const) {
		if (page === undefined) continue;
		say(
			`${visible(`${page === true ? usual : page}`)} may be no such page: php-fpm has one where its pool sets ${setting}, and ${name} takes that path`,
		);
	}
}

function sentAgain({ sentAgain }: Client): string {
	return sentAgain === 0
		? ""
		: `; ${sentAgain} sent again, as the application had closed the kept connection`;
}

function unsent({ unsent, gaveUp }: Client): string {
	const why = gaveUp
		? `${GIVES_UP_AFTER} failures in a row are enough`
		: "no connection was accepted";
	return `${count(unsent, "request")} not sent: ${why}`;
}

/** In a conversation with nobody, there is nothing to say of how it ended. */
const WITHOUT_ENDS: Stage<FcgiEvent, FcgiEvent> = {
	push: (event) => (event.kind === "requestEnded" ? NOTHING : [event]),
	end: () => NOTHING,
};

function refuseUnused(options: SendOptions): void {
	if (options.include && options.output === undefined) {
		throw usage(
			"-i is for the body that -o or -v writes: add -o - to see both",
		);
	}
	if (options.verbose && (options.quiet || options.write === "-")) {
		const other = options.quiet ? "-q" : "-w -";
		throw usage(`-v shows the conversation, and ${other} does not`);
	}
	if (options.output === "-" && options.write === "-") {
		throw usage("-o - and -w - cannot both write to stdout");
	}
	const given = options.verbose ? "-v" : "-o";
	const many = (options.requests ?? 1) > 1 || (options.multiplex ?? 1) > 1;
	if (options.output !== undefined && many) {
		throw usage(`${given} is for one request`);
	}
	if (options.dryRun && (options.output !== undefined || options.fail)) {
		const unused = options.output === undefined ? "--fail" : given;
		throw usage(`--dry-run gets no response, so ${unused} has no use`);
	}
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}

function say(line: string): void {
	process.stderr.write(`fcgi-inspect: ${visible(line)}\n`);
}
