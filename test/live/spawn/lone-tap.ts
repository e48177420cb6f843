// A process that spawns applications as a tap does, for tests that kill it: says in a line of JSON what it started, and
// then does nothing. Its arguments are the number of workers, the grace in milliseconds and the command.

import { Spawned } from "../../../src/live/spawn/spawned.js";

/** What is told. */
export interface LoneTap {
	/** Where the applications listen. */
	readonly path: string;
	/** The applications. */
	readonly pids: readonly number[];
}

const [workers, graceMs, ...command] = process.argv.slice(2);
const spawned = new Spawned(
	{
		command,
		workers: Number(workers),
		graceMs: Number(graceMs),
		cleanEnv: false,
		env: [],
	},
	{ say: () => undefined, output: () => undefined },
);
const address = await spawned.start();
const path = address.kind === "unix" ? address.path : "";
const told: LoneTap = { path, pids: spawned.pids };
process.stdout.write(`${JSON.stringify(told)}\n`);
