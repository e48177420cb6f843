// The thread that looks at what passes a tap: reads chunks from a ring, and shows and writes what they say. Whatever it does,
// and however long it takes, traffic goes on in another thread.

import { parentPort, workerData } from "node:worker_threads";
import { FcgiInspectError } from "../../errors.js";
import { liveReport } from "../../live/live-report.js";
import { RingReader } from "../../live/ring/ring-reader.js";
import { formatTypes, type Summary } from "../../render/summary.js";
import { visible } from "../../render/words.js";
import { EXIT_UNWRITABLE } from "../exit-code.js";
import { failedOn } from "../finish.js";
import { type ShowOptions, type Sink, show } from "../show.js";
import { NO_TEXT, showOptions, sinkOf } from "../show-options.js";
import { Tally } from "../tally.js";
import { Counters } from "./counters.js";
import { LiveScreen, type Streams } from "./live-screen.js";
import type { FromView, ToView, ViewData } from "./tap-view-messages.js";

const data: ViewData = workerData;
const { options } = data;
const openRequests = new Int32Array(data.openRequests);
const reader = new RingReader(data.memory, () => tell({ kind: "room" }));
const counters = new Counters(new Tally());
const { tally } = counters;
let streams: Streams = data.streams;
const screen = new LiveScreen({
	counters: () => counters.line(),
	streams: () => streams,
	refused(error) {
		if (error.code !== "EPIPE") {
			unwritable(`cannot write the output: ${error.message}`);
		} else if (options.write === undefined) tell({ kind: "unread" });
	},
});
let shown: ShowOptions;
let sink: Sink | undefined;
let showing: Promise<Summary> | undefined;

await answer(async () => {
	shown = await showOptions(options, { stream: streams.stdout });
});
parentPort?.on("message", obey);

function obey(message: ToView): void {
	switch (message.kind) {
		case "wake":
			reader.wake();
			return;
		case "areYouAwake":
			tell({ kind: "awake" });
			return;
		case "say":
			screen.say(message.line);
			return;
		case "sayCounters":
			screen.say(counters.sentence());
			return;
		case "streams":
			streams = message.streams;
			return;
		default:
			void answer(WORK[message.kind]).then(() => {
				// Nothing keeps the thread alive then.
				if (message.kind === "close") parentPort?.close();
			});
	}
}

const WORK = {
	async open() {
		({ sink } = await sinkOf(options));
	},
	async show() {
		showing = show(
			{
				live: true,
				report: liveReport("tap"),
				[Symbol.asyncIterator]: () => reader[Symbol.asyncIterator](),
			},
			{
				...shown,
				...(options.quiet || options.inherit ? { format: NO_TEXT } : {}),
				...(sink === undefined ? {} : { sink }),
				output: screen,
				tally,
				enough: lookedAt,
				survive: {
					fault: (fault) => screen.say(visible(faultOf(fault))),
					sinkLost: (error) => unwritable(messageOf(error)),
				},
			},
		);
		await showing;
	},
	/** Adds what was seen in all; and the findings that the exit code is to tell of. */
	async finish() {
		screen.say(visible(counters.sentence(tally.openAtEnd)));
		const summary = await showing;
		if (summary === undefined) return;
		const lines = options.summary ? formatTypes(summary.types).split("\n") : [];
		for (const line of lines) screen.say(line);
		if (options.failOn === undefined) return;
		const found = failedOn(options.failOn, summary);
		if (found !== undefined) screen.say(found);
	},
	async close() {
		if (showing === undefined) await sink?.abandon?.();
		await screen.close();
	},
} satisfies Partial<Record<ToView["kind"], () => Promise<void>>>;

/** Called after each event. */
function lookedAt(): boolean {
	Atomics.store(openRequests, 0, tally.open);
	if (tally.requests !== options.count) return false;
	tell({ kind: "enough" });
	return true;
}

/** Does some work, and tells how it ended. */
async function answer(work: () => Promise<void>): Promise<void> {
	try {
		await work();
		if (process.exitCode !== undefined) {
			tell({ kind: "exitCode", exitCode: Number(process.exitCode) });
		}
		tell({ kind: "done" });
	} catch (error) {
		if (!(error instanceof FcgiInspectError)) throw error;
		const { code, message } = error;
		tell({ kind: "refused", code, message });
	}
}

function unwritable(message: string): void {
	process.exitCode = EXIT_UNWRITABLE;
	screen.say(visible(`${message}; the traffic goes on`));
}

/** A fault of ours must not become one of the site that is watched. */
function faultOf(fault: unknown): string {
	return `a fault of fcgi-inspect itself: ${messageOf(fault)}; its connection is shown no more, and its traffic goes on`;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function tell(message: FromView): void {
	parentPort?.postMessage(message);
}
