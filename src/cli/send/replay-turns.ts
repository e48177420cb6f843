// Recorded requests into what is sent, on which connection and when: the very records of the web server, or the same
// requests framed anew.

import { FcgiInspectError } from "../../errors.js";
import type { Script } from "../../fastcgi/step.js";
import type { Job } from "../../live/client.js";
import type { Turn } from "../../live/turns.js";
import {
	abortedAfter,
	type Changes,
	type Framing,
	type FramingOptions,
	framingAt,
	framingOf,
	paramOf,
	type RecordedRequest,
	recordedScript,
	reframed,
	scriptOf,
	startsOf,
	type Timing,
	whyNotReframed,
} from "../../send/index.js";
import { framingOptions, type PlanOptions } from "./send-plan.js";

/** How recorded requests are sent. */
export interface Sending {
	/** Why a request cannot be sent; undefined where it can. */
	refusal(request: RecordedRequest): string | undefined;
	/** What is sent, and whether the connection is to be kept. `index` counts the requests of its connection, from 0. */
	of(
		request: RecordedRequest,
		index: number,
	): { readonly script: Script; readonly keepConn: boolean };
}

/** What the options ask for. Throws FcgiInspectError. */
export function sendingOf(options: PlanOptions, timing: Timing): Sending {
	const { split, ...framing } = framingOptions(options);
	const speed = timing ?? 1;
	// What is wrong with a number is said before anything is read.
	framingOf({ split, ...framing });
	const changes: Changes = {
		set: (options.param ?? []).map(paramOf),
		unset: options.unset ?? [],
	};
	const anew =
		Object.values(framing).some((value) => value !== undefined) ||
		changes.set.length + changes.unset.length > 0;
	if (!anew) {
		return {
			refusal: ({ leftOut }) => leftOut,
			of: (request) => ({
				script: recordedScript(request, { speed, split }),
				keepConn: request.keepConn,
			}),
		};
	}
	return {
		refusal: (request) => request.leftOut ?? whyNotReframed(request),
		of(request, index) {
			const own = framingAt(
				framingFor(request, { split, ...framing }, speed),
				index,
			);
			const script = scriptOf(reframed(request, changes), own);
			return { script, keepConn: own.keepConn };
		},
	};
}

/** What is not asked for is as it was recorded; where a server is to be looked like, as that does it. */
function framingFor(
	request: RecordedRequest,
	options: FramingOptions,
	speed: number,
): Framing {
	const { like } = options;
	const aborted = abortedAfter(request);
	return framingOf({
		...options,
		requestId: options.requestId ?? (like ? undefined : request.requestId),
		keepConn: options.keepConn ?? (like ? undefined : request.keepConn),
		abort:
			options.abort ??
			(aborted === undefined ? undefined : { milliseconds: aborted / speed }),
	});
}

/** Requests as turns, in the order in which they are due; with `timing`, as recorded. */
export function turnsOf(
	requests: readonly RecordedRequest[],
	sending: Sending,
	timing: Timing,
	more: (request: RecordedRequest) => Pick<Job, "sent" | "again" | "failed">,
): readonly Turn[] {
	const starts = timing === undefined ? [] : startsOf(requests, timing);
	const last = new Map<number, number>();
	for (const { connection, number } of requests) last.set(connection, number);
	const indexes = new Map<number, number>();
	const turns = requests.map((request, i): Turn => {
		const { connection, number } = request;
		const index = indexes.get(connection) ?? 0;
		indexes.set(connection, index + 1);
		return {
			at: starts[i],
			on: connection,
			job() {
				const { script, keepConn } = sending.of(request, index);
				const isLast = last.get(connection) === number;
				return {
					...more(request),
					script,
					on: connection,
					keepConn: keepConn && !isLast,
					// An application that keeps the connection does not close it.
					...(keepConn && isLast ? { listenMs: 0 } : {}),
				};
			},
		};
	});
	return timing === undefined
		? turns
		: turns.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** Throws FcgiInspectError where an option is given that says what is sent, or how often. */
export function refuseOtherPlans(options: PlanOptions): void {
	for (const [name, option] of Object.entries(NOT_WITH_REPLAY)) {
		const value = options[name as keyof typeof NOT_WITH_REPLAY];
		if (value === undefined) continue;
		throw new FcgiInspectError(
			"usage",
			`${option} and --replay are two things to send`,
		);
	}
}

const NOT_WITH_REPLAY = {
	params: "--params",
	url: "--url",
	root: "--root",
	script: "--script",
	method: "-X",
	header: "-H",
	body: "-d",
	form: "--form",
	data: "--data",
	exact: "--exact",
	records: "--records",
	getValues: "--get-values",
	ping: "--ping",
	status: "--status",
	role: "--role",
	requests: "--requests",
	multiplex: "--multiplex",
} as const;
