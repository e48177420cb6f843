// Applications that a test has spawned, and what was said of them; all of them are stopped when the test has ended.

import assert from "node:assert/strict";
import { dirname } from "node:path";
import type { TestContext } from "node:test";
import type { Address } from "../../../src/live/address.js";
import { Spawned, type SpawnOptions } from "../../../src/live/spawn/spawned.js";
import { appParams } from "../../support/apps.js";
import { type Answer, ask } from "../../support/fcgi-client.js";

/** Spawned applications, and what was heard. */
export interface Watched {
	readonly spawned: Spawned;
	/** What was said, in order. */
	readonly said: readonly string[];
	/** What the applications wrote, such as `stderr: oops`. */
	readonly wrote: readonly string[];
	start(): Promise<Address>;
}

/** The grace: short, as some applications are to exceed it. */
const GRACE_MS = 500;

/** Applications to be started with `start`. */
export function watch(
	context: TestContext,
	command: readonly string[],
	options: Partial<SpawnOptions> = {},
): Watched {
	const said: string[] = [];
	const wrote: string[] = [];
	const spawned = new Spawned(
		{
			command,
			workers: 1,
			cleanEnv: false,
			env: [],
			graceMs: GRACE_MS,
			...options,
		},
		{
			say: (line) => said.push(line),
			output: (from, line) => wrote.push(`${from}: ${line}`),
		},
	);
	context.after(() => spawned.stop());
	return { spawned, said, wrote, start: () => spawned.start() };
}

/** Asks the libfcgi application for something. */
export function askFor(address: Address, query: string): Promise<Answer> {
	return ask(address, { params: appParams("libfcgi", query) });
}

/** The folder of an application's socket. */
export function folderOf(address: Address): string {
	assert.equal(address.kind, "unix");
	return dirname((address as { path: string }).path);
}
