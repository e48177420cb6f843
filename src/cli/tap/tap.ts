// `tap`: gets in between a web server and an application, shows what goes by, and leaves as if it had never been there.

import type { Say } from "../../live/entrance.js";
import { Tap } from "../../live/tap.js";
import { count, visible } from "../../render/words.js";
import { Ending } from "./ending.js";
import {
	type EntranceOptions,
	GRACE_MS,
	restore,
	type WayIn,
	wait,
	wayIn,
} from "./tap-entrance.js";
import { TapView } from "./tap-view.js";
import type { ViewOptions } from "./tap-view-messages.js";

/** The options of `tap`, as commander hands them over. */
export interface TapOptions extends ViewOptions, EntranceOptions {
	/** Milliseconds. */
	readonly duration?: number;
	readonly lossyView?: boolean;
}

/** Watches an address until it is told to end. Throws FcgiInspectError for a bad option, or where it cannot get in. */
export async function tap(
	address: string,
	command: readonly string[],
	options: TapOptions,
): Promise<void> {
	const ending = new Ending(() => void view.leave());
	const view = await TapView.begin(options, { enough: () => ending.begin() });
	const say: Say = (line) => view.say(visible(line));
	try {
		if (options.restore) return await restore(address, say);
		ending.listen(options.duration, endMs(options));
		if (options.wait) say(`waiting for an application at ${address}`);
		if (options.wait && !(await wait(address, say, ending.signal))) return;
		await view.open();
		const way = await wayIn(address, command, options, say);
		await watch(way, { options, ending, view, say });
	} finally {
		ending.stopListening();
		await view.close();
	}
}

/** What a run is made of. */
interface Run {
	readonly options: TapOptions;
	readonly ending: Ending;
	readonly view: TapView;
	readonly say: Say;
}

async function watch(
	{ entrance, opened, closed }: WayIn,
	{ options, ending, view, say }: Run,
): Promise<void> {
	const source = new Tap({
		entrance,
		lossyView: options.lossyView ?? false,
		say,
		memory: view.memory,
		wake: () => view.wake(),
	});
	// Whatever happens, what was moved is put back.
	const putBack = () => entrance.closeNow();
	process.once("exit", putBack);
	await source.open();
	for (const line of opened()) say(line);
	const sayCounters = () => view.sayCounters();
	process.on("SIGUSR1", sayCounters);
	const sayNoPause = () =>
		say("not paused, as that would hold the traffic; Ctrl-C ends");
	process.on("SIGTSTP", sayNoPause);
	const graceMs = options.grace ?? GRACE_MS;
	const shown = view.show(source.passed);
	await ending.wanted;
	if (view.openRequests > 0 && !ending.hurried) {
		const requests = count(view.openRequests, "open request");
		say(
			`waiting up to ${graceMs / 1000} s for ${requests}; Ctrl-C again waits no longer`,
		);
	}
	await source.close(graceMs, () => ending.hurried || view.openRequests === 0);
	await shown;
	process.off("exit", putBack);
	process.off("SIGUSR1", sayCounters);
	process.off("SIGTSTP", sayNoPause);
	const { droppedBytes } = source.passed;
	if (droppedBytes > 0) {
		say(`${count(droppedBytes, "byte")} left out of the view`);
	}
	if (source.droppedConnections > 0) {
		const connections = count(source.droppedConnections, "connection");
		say(`${connections} left out of the view`);
	}
	for (const line of closed) say(line);
	await view.finish();
}

/** Milliseconds that an end may take: what is open may finish, and so may applications that were started. */
function endMs({ grace = GRACE_MS, spawn, inherit }: TapOptions): number {
	return spawn || inherit ? 2 * grace + KEEPER_MS : grace;
}

/** What ending applications takes beyond their grace. */
const KEEPER_MS = 4000;
