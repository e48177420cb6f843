// Times whole processes: the median of several runs, and the peak memory of a Node process.

import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

/** What a command cost. */
export interface Cost {
	/** Median over the runs. */
	readonly seconds: number;
	/** Most memory that a run had, in MB; undefined for commands that are not Node. */
	readonly peakMegabytes: number | undefined;
}

/**
 * Makes a Node process say its peak memory, in KB, as the last line of stderr: by the kernel's mark for this very process,
 * where there is one, as the usual count begins with what its parent had when it was made.
 */
export const SAY_PEAK = `data:text/javascript,${encodeURIComponent(`
import { readFileSync } from "node:fs";
const peak = () => {
	try {
		return /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
	} catch {
		return process.resourceUsage().maxRSS;
	}
};
process.on("exit", () => process.stderr.write("\\npeak " + peak()));
`)}`;

/** Runs commands in turn, A B C A B C, so that a machine that slows down slows all of them. */
export async function compare(
	commands: Readonly<Record<string, readonly string[]>>,
	runs: number,
): Promise<Map<string, Cost>> {
	const seconds = new Map<string, number[]>();
	const peaks = new Map<string, number>();
	for (let run = 0; run <= runs; run++) {
		for (const [name, command] of Object.entries(commands)) {
			const once = await timed(command);
			if (run === 0) continue;
			seconds.set(name, [...(seconds.get(name) ?? []), once.seconds]);
			if (once.peak !== undefined) {
				peaks.set(name, Math.max(once.peak, peaks.get(name) ?? 0));
			}
		}
	}
	const costs = new Map<string, Cost>();
	for (const [name, all] of seconds) {
		const sorted = all.toSorted((a, b) => a - b);
		costs.set(name, {
			seconds: sorted[Math.floor(sorted.length / 2)] as number,
			peakMegabytes: peaks.get(name),
		});
	}
	return costs;
}

async function timed(
	command: readonly string[],
): Promise<{ seconds: number; peak: number | undefined }> {
	const [program, ...args] = command as [string, ...string[]];
	const isNode = program === process.execPath;
	const started = performance.now();
	const child = spawn(
		program,
		isNode ? ["--import", SAY_PEAK, ...args] : args,
		{
			stdio: ["ignore", "ignore", "pipe"],
		},
	);
	let stderr = "";
	child.stderr.on("data", (data) => {
		stderr += data;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", resolve);
	});
	if (code !== 0) throw new Error(`${command.join(" ")}: ${code}: ${stderr}`);
	const peak = /\npeak (\d+)$/.exec(stderr)?.[1];
	return {
		seconds: (performance.now() - started) / 1000,
		peak: peak === undefined ? undefined : Number(peak) / 1024,
	};
}
