// `npm run fuzz [seconds] [first seed]`: case after case in a process of its own, with little memory and a watch over it.
// A case that fails, hangs or runs out of memory is named by its seed: `npm run fuzz 0 SEED` runs that one alone.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Outcome, runCase, samples } from "./cases.js";

/** Megabytes of heap that no case may need. */
const MAX_HEAP = 256;
/** A case that takes longer hangs. */
const HANGS_AFTER_MS = 20_000;
const IS_WORKER = "--cases";

const [first, second, third] = process.argv.slice(2);
if (first === IS_WORKER) runCases(Number(second), Number(third));
else await watch(Number(first ?? 60), Number(second ?? Date.now() % 1e9));

/** Runs cases and says what each is and came to, a line each. */
function runCases(seconds: number, firstSeed: number): void {
	const files = samples();
	const end = performance.now() + seconds * 1000;
	let seed = firstSeed;
	do {
		process.stdout.write(`${JSON.stringify({ seed })}\n`);
		process.stdout.write(`${JSON.stringify(runCase(seed, files))}\n`);
		seed++;
	} while (performance.now() < end);
	const peak = process.resourceUsage().maxRSS / 1024;
	process.stdout.write(`${JSON.stringify({ peak })}\n`);
}

async function watch(seconds: number, firstSeed: number): Promise<void> {
	const worker = spawn(
		process.execPath,
		[
			`--max-old-space-size=${MAX_HEAP}`,
			fileURLToPath(import.meta.url),
			...[IS_WORKER, String(seconds), String(firstSeed)],
		],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	const outcomes: Outcome[] = [];
	let seed = firstSeed;
	let peak = 0;
	let timer: NodeJS.Timeout | undefined;
	for await (const line of createInterface({ input: worker.stdout })) {
		const said = JSON.parse(line) as
			| { seed: number }
			| { peak: number }
			| Outcome;
		clearTimeout(timer);
		if ("seed" in said) {
			seed = said.seed;
			timer = setTimeout(() => {
				console.error(`the case of seed ${seed} hangs`);
				worker.kill("SIGKILL");
			}, HANGS_AFTER_MS);
		} else if ("peak" in said) peak = said.peak;
		else outcomes.push(said);
	}
	clearTimeout(timer);
	if (peak === 0) {
		console.error(`the case of seed ${seed} failed (npm run fuzz 0 ${seed})`);
		process.exitCode = 1;
	}
	report(outcomes, peak);
}

function report(outcomes: readonly Outcome[], peak: number): void {
	const bytes = outcomes.reduce((sum, outcome) => sum + outcome.bytes, 0);
	const events = outcomes.reduce((sum, outcome) => sum + outcome.events, 0);
	console.log(
		`${outcomes.length} cases, ${Math.round(bytes / 1e6)} MB, ${events} events, peak ${Math.round(peak)} MB`,
	);
	const byFormat = new Map<string, Outcome[]>();
	for (const outcome of outcomes) {
		const its = byFormat.get(outcome.format) ?? [];
		byFormat.set(outcome.format, [...its, outcome]);
	}
	for (const [format, its] of byFormat) {
		const slowest = Math.max(...its.map(({ milliseconds }) => milliseconds));
		console.log(
			`  ${format.padEnd(16)} ${String(its.length).padStart(6)} cases, the slowest ${slowest.toFixed(0)} ms`,
		);
	}
}
