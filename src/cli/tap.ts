// `tap`: gets in between a web server and an application, shows what goes by, and leaves as if it had never been there.

import type { Say } from "../live/entrance.js";
import { Tap } from "../live/tap.js";
import { formatTypes, type Summary } from "../render/summary.js";
import { count, visible } from "../render/words.js";
import { Counters } from "./counters.js";
import { Ending } from "./ending.js";
import { EXIT_UNWRITABLE } from "./exit-code.js";
import { failedOn } from "./finish.js";
import { LiveScreen } from "./live-screen.js";
import type { OutputOptions } from "./output-options.js";
import { type ShowOptions, type Sink, show } from "./show.js";
import { NO_TEXT, showOptions, sinkOf } from "./show-options.js";
import { Tally } from "./tally.js";
import {
	type EntranceOptions,
	GRACE_MS,
	restore,
	type WayIn,
	wait,
	wayIn,
} from "./tap-entrance.js";

/** The options of `tap`, as commander hands them over. */
export interface TapOptions extends OutputOptions, EntranceOptions {
	/** Requests. */
	readonly count?: number;
	/** Milliseconds. */
	readonly duration?: number;
	readonly lossyView?: boolean;
	readonly quiet?: boolean;
}

/** Watches an address until it is told to end. Throws FcgiInspectError for a bad option, or where it cannot get in. */
export async function tap(
	address: string,
	command: readonly string[],
	options: TapOptions,
): Promise<void> {
	const shown = await showOptions(options);
	const ending = new Ending();
	const counters = new Counters(new Tally());
	const screen = new LiveScreen({
		counters: () => counters.line(),
		refused(error) {
			if (error.code !== "EPIPE") {
				process.exitCode = EXIT_UNWRITABLE;
				say(`cannot write the output: ${error.message}; the traffic goes on`);
			} else if (options.write === undefined) ending.begin();
		},
	});
	const say: Say = (line) => screen.say(visible(line));
	try {
		if (options.restore) return await restore(address, say);
		ending.listen(options.duration, endMs(options));
		if (options.wait) say(`waiting for an application at ${address}`);
		if (options.wait && !(await wait(address, say, ending.signal))) return;
		const { sink } = await sinkOf(options);
		const way = await orClose(sink, wayIn(address, command, options, say));
		await watch(
			way,
			{ options, ending, counters, say },
			{
				...shown,
				...(options.quiet || options.inherit ? { format: NO_TEXT } : {}),
				...(sink === undefined ? {} : { sink }),
				output: screen,
			},
		);
	} finally {
		ending.stopListening();
		await screen.close();
	}
}

/** What a run is made of, beside what it shows. */
interface Run {
	readonly options: TapOptions;
	readonly ending: Ending;
	readonly counters: Counters;
	readonly say: Say;
}

async function watch(
	{ entrance, opened, closed }: WayIn,
	{ options, ending, counters, say }: Run,
	shown: ShowOptions,
): Promise<void> {
	const { tally } = counters;
	const lossyView = options.lossyView ?? false;
	const source = new Tap({ entrance, lossyView, say });
	// Whatever happens, what was moved is put back.
	const putBack = () => entrance.closeNow();
	process.once("exit", putBack);
	await orClose(shown.sink, source.open());
	for (const line of opened()) say(line);
	const sayCounters = () => say(counters.sentence());
	process.on("SIGUSR1", sayCounters);
	const sayNoPause = () =>
		say("not paused, as that would hold the traffic; Ctrl-C ends");
	process.on("SIGTSTP", sayNoPause);
	const graceMs = options.grace ?? GRACE_MS;
	const ended = ending.wanted.then(async () => {
		if (tally.open > 0 && !ending.hurried) {
			const requests = count(tally.open, "open request");
			say(
				`waiting up to ${graceMs / 1000} s for ${requests}; Ctrl-C again waits no longer`,
			);
		}
		await source.close(graceMs, () => ending.hurried || tally.open === 0);
	});
	const summary = await show(source, {
		...shown,
		tally,
		enough() {
			if (tally.requests !== options.count) return false;
			ending.begin();
			return true;
		},
		survive: {
			fault: (fault) => say(faultOf(fault)),
			sinkLost(error) {
				process.exitCode = EXIT_UNWRITABLE;
				say(`${messageOf(error)}; the traffic goes on`);
			},
		},
	});
	ending.begin();
	await ended;
	process.off("exit", putBack);
	process.off("SIGUSR1", sayCounters);
	process.off("SIGTSTP", sayNoPause);
	if (source.droppedBytes > 0) {
		say(`${count(source.droppedBytes, "byte")} left out of the view`);
	}
	if (source.droppedConnections > 0) {
		const connections = count(source.droppedConnections, "connection");
		say(`${connections} left out of the view`);
	}
	for (const line of closed) say(line);
	say(counters.sentence(tally.openAtEnd));
	finish(summary, options, say);
}

/** Milliseconds that an end may take: what is open may finish, and so may applications that were started. */
function endMs({ grace = GRACE_MS, spawn, inherit }: TapOptions): number {
	return spawn || inherit ? 2 * grace + KEEPER_MS : grace;
}

/** What ending applications takes beyond their grace. */
const KEEPER_MS = 4000;

function finish(summary: Summary, options: TapOptions, say: Say): void {
	if (options.summary) {
		for (const line of formatTypes(summary.types).split("\n")) say(line);
	}
	if (options.failOn === undefined) return;
	const found = failedOn(options.failOn, summary);
	if (found !== undefined) say(found);
}

/** What work brings; where it fails, the file that was opened for it is closed. */
async function orClose<T>(
	sink: Sink | undefined,
	work: Promise<T>,
): Promise<T> {
	try {
		return await work;
	} catch (error) {
		await sink?.abandon?.();
		throw error;
	}
}

/** A fault of ours must not become one of the site that is watched. */
function faultOf(fault: unknown): string {
	return `a fault of fcgi-inspect itself: ${messageOf(fault)}; its connection is shown no more, and its traffic goes on`;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
