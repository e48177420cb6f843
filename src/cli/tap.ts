// `tap`: gets in between a web server and an application, shows what goes by, and leaves as if it had never been there.

import type { Say } from "../live/entrance.js";
import { Tap } from "../live/tap.js";
import { formatTypes } from "../render/summary.js";
import { count, visible } from "../render/words.js";
import { Counters } from "./counters.js";
import { EXIT_UNWRITABLE } from "./exit-code.js";
import { failedOn } from "./finish.js";
import { LiveScreen } from "./live-screen.js";
import type { OutputOptions } from "./output-options.js";
import { show } from "./show.js";
import { NO_TEXT, showOptions, sinkOf } from "./show-options.js";
import { Tally } from "./tally.js";
import { type EntranceOptions, restore, wait, wayIn } from "./tap-entrance.js";

/** The options of `tap`, as commander hands them over. */
export interface TapOptions extends OutputOptions, EntranceOptions {
	/** Requests. */
	readonly count?: number;
	/** Milliseconds. */
	readonly duration?: number;
	/** Milliseconds. */
	readonly grace?: number;
	readonly lossyView?: boolean;
	readonly quiet?: boolean;
}

/** How long requests may take to finish once the tap is to end. */
const GRACE_MS = 5000;

/** Watches an address until it is told to end. Throws FcgiInspectError for a bad option, or where it cannot get in. */
export async function tap(
	address: string,
	command: readonly string[],
	options: TapOptions,
): Promise<void> {
	const shown = await showOptions(options);
	const counters = new Counters(new Tally());
	const ending = new Ending();
	const screen = new LiveScreen({
		counters: () => counters.line(),
		refused: (error) => {
			if (error.code !== "EPIPE") {
				process.exitCode = EXIT_UNWRITABLE;
				say(`cannot write the output: ${error.message}; the traffic goes on`);
			} else if (options.write === undefined) ending.begin();
		},
	});
	const say: Say = (line) => screen.say(visible(line));
	try {
		if (options.restore) return await restore(address, say);
		ending.listen(options.duration);
		if (options.wait && !(await wait(address, say, ending.signal))) return;
		const { entrance, opened, closed } = await wayIn(
			address,
			command,
			options,
			say,
		);
		// Whatever happens, what was moved is put back.
		const putBack = () => entrance.closeNow();
		process.once("exit", putBack);
		const sink = await sinkOf(options);
		const source = new Tap({
			entrance,
			lossyView: options.lossyView ?? false,
			say,
		});
		await source.open();
		for (const line of opened) say(line);
		process.on("SIGUSR1", () => say(counters.sentence()));
		let open = 0;
		const ended = ending.wanted.then(async () => {
			await source.close(options.grace ?? GRACE_MS, () => counters.tally.open);
			open = counters.tally.open;
		});
		const summary = await show(source, {
			...shown,
			...(options.quiet || options.inherit ? { format: NO_TEXT } : {}),
			output: screen,
			tally: counters.tally,
			enough: () => {
				if (counters.tally.requests !== options.count) return false;
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
			...sink,
		});
		ending.begin();
		await ended;
		process.off("exit", putBack);
		if (source.droppedBytes > 0) {
			say(`${count(source.droppedBytes, "byte")} left out of the view`);
		}
		for (const line of closed) say(line);
		say(counters.sentence(open));
		if (options.summary) {
			for (const line of formatTypes(summary.types).split("\n")) say(line);
		}
		if (options.failOn !== undefined) {
			const found = failedOn(options.failOn, summary);
			if (found !== undefined) say(found);
		}
	} finally {
		ending.stopListening();
		await screen.close();
	}
}

/** A fault of ours must not become one of the site that is watched. */
function faultOf(fault: unknown): string {
	return `a fault of fcgi-inspect itself: ${messageOf(fault)}; its connection is shown no more, and its traffic goes on`;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** When the tap is to end, and what the second request to end does. */
class Ending {
	readonly wanted: Promise<void>;
	readonly #abort = new AbortController();
	#begin = () => {};
	#begun = false;
	#timer: NodeJS.Timeout | undefined;
	#signalled = () => {};

	constructor() {
		this.wanted = new Promise((resolve) => {
			this.#begin = resolve;
		});
	}

	/** Ends in order. */
	begin(): void {
		this.#begun = true;
		this.#begin();
		this.#abort.abort();
	}

	/** Is aborted when the end begins. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Ends on signals, at once on the second one, and after a time in milliseconds. */
	listen(duration: number | undefined): void {
		this.#signalled = () => {
			if (this.#begun) process.exit();
			this.begin();
		};
		for (const signal of SIGNALS) process.on(signal, this.#signalled);
		if (duration !== undefined) {
			this.#timer = setTimeout(() => this.begin(), duration);
		}
	}

	stopListening(): void {
		for (const signal of SIGNALS) process.off(signal, this.#signalled);
		clearTimeout(this.#timer);
	}
}
