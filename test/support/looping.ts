// Something that another process does again and again, so that it can see what this one does in a single turn.

import { spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { until } from "./until.js";

/** What a loop in another process has counted. */
export interface Rounds {
	readonly rounds: number;
	readonly faults: Readonly<Record<string, number>>;
}

/** Runs a script that does `round()`, which may call `fault(text)`, until it is told to stop. */
export function looping(
	t: TestContext,
	script: string,
): { begun(): boolean; stop(): Promise<Rounds> } {
	const child = spawn(
		process.execPath,
		[
			"-e",
			`let rounds = 0, faults = {}, stopped = false;
			const fault = (text) => { faults[text] = (faults[text] ?? 0) + 1; };
			process.stdin.on("data", () => { stopped = true; });
			const net = require("node:net"), fs = require("node:fs");
			${script}
			(async () => {
				console.log("begun");
				while (!stopped) { await round(); rounds++; if (rounds % 8 === 0) await new Promise(setImmediate); }
				console.log(JSON.stringify({ rounds, faults }));
				process.exit();
			})();`,
		],
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	t.after(() => child.kill("SIGKILL"));
	let text = "";
	child.stdout.setEncoding("utf8").on("data", (data: string) => {
		text += data;
	});
	const begun = () => text.startsWith("begun\n");
	return {
		begun,
		stop: async () => {
			await until("the loop has begun", begun);
			child.stdin.write("stop");
			await until("the loop has ended", () => text.endsWith("}\n"));
			return JSON.parse(text.slice("begun\n".length)) as Rounds;
		},
	};
}
