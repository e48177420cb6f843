// The tap's rows of the bench: large answers, small requests, many connections, each beside socat in one run.

import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
	type Asking,
	buildLoad,
	type Load,
	type LoadProgram,
	residentMegabytes,
} from "../support/tap-load.js";

/** Runs of each; the median is taken, of each figure by itself. */
const RUNS = 7;
/** Bytes of a large answer. */
const ANSWER_BYTES = 50_000_000;

/** Measures a tap that decodes and writes a capture, in a folder. */
export async function benchTap(folder: string): Promise<void> {
	const load = await buildLoad(folder);
	try {
		await largeAnswers(load, folder);
		await smallRequests(load, folder);
		await manyConnections(load, folder);
	} finally {
		await load.stop();
	}
}

async function largeAnswers(load: LoadProgram, folder: string): Promise<void> {
	const app = await load.app("large", ANSWER_BYTES);
	const capture = join(folder, "large.pcapng");
	const taps = await load.tap("large-tap", app, ["-w", capture]);
	const socat = await load.socat("large-socat", app);
	const dumping = await load.socat("large-dump", app, "-x", "-v");
	const asking = { requests: 5, connections: 1, keep: true };
	const results = await inTurn(
		{ nothing: app, tap: taps.path, socat },
		(path) => {
			useMemory(folder, 1.2 * asking.requests * ANSWER_BYTES);
			return load.ask(path, asking);
		},
	);
	const dumped = await load.ask(dumping, { ...asking, requests: 1 });
	console.log(
		"\nlarge answers, decoded and written with -w (the goal: 1.2 times socat's throughput, 40 times that of socat -x -v)",
	);
	for (const [name, one] of [...results, ["socat -x -v", dumped] as const]) {
		console.log(
			`  ${name.padEnd(12)}${one.megabytesPerSecond.toFixed(0).padStart(6)} MB/s`,
		);
	}
	const tap = results.get("tap") as Load;
	const plain = results.get("socat") as Load;
	console.log(
		`  the tap has ${(tap.megabytesPerSecond / plain.megabytesPerSecond).toFixed(2)} times socat's, ${(tap.megabytesPerSecond / dumped.megabytesPerSecond).toFixed(0)} times socat -x -v's`,
	);
	rmSync(capture);
}

/**
 * Writes a file of so many bytes, and removes it, so that the system has memory at hand for what is written next. A virtual
 * machine gives out memory that was not used for a while slower than any program writes, which says nothing of programs.
 */
function useMemory(folder: string, bytes: number): void {
	const path = join(folder, "memory");
	const file = openSync(path, "w");
	const piece = Buffer.alloc(2 ** 20);
	for (let left = bytes; left > 0; left -= piece.length) writeSync(file, piece);
	closeSync(file);
	rmSync(path);
}

async function smallRequests(load: LoadProgram, folder: string): Promise<void> {
	const app = await load.app("small", 1000);
	const capture = join(folder, "small.pcapng");
	const taps = await load.tap("small-tap", app, ["-w", capture]);
	const socat = await load.socat("small-socat", app);
	const ways = { nothing: app, tap: taps.path, socat };
	await latencies(
		"small requests on a kept connection (the goal: p50 1.1 and p99 1.5 times socat's, at most)",
		ways,
		(path) => load.ask(path, { requests: 20_000, connections: 1, keep: true }),
	);
	await latencies("a new connection for each request", ways, (path) =>
		load.ask(path, { requests: 2000, connections: 1, keep: false }),
	);
}

async function manyConnections(
	load: LoadProgram,
	folder: string,
): Promise<void> {
	const app = await load.app("many", 2000);
	const capture = join(folder, "many.pcapng");
	const { path, child } = await load.tap("many-tap", app, ["-w", capture]);
	const ask = (asking: Asking) => load.ask(path, asking);
	const many = await ask({ requests: 50_000, connections: 500, keep: true });
	const before = residentMegabytes(child.pid);
	const rate = { requests: 12_000, connections: 20, keep: false, rate: 200 };
	const fresh = await ask(rate);
	const after = residentMegabytes(child.pid);
	console.log(
		"\nmany connections (the goal: none refused, none lost, memory flat)",
	);
	console.log(
		`  500 at once: ${many.requestsPerSecond.toFixed(0)} requests a second, ${many.failed} failed`,
	);
	console.log(
		`  200 new ones a second for a minute: ${fresh.failed} failed, p50 ${fresh.p50.toFixed(0)} us; RSS ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after`,
	);
}

async function latencies(
	title: string,
	ways: Readonly<Record<string, string>>,
	measure: (path: string) => Promise<Load>,
): Promise<void> {
	const results = await inTurn(ways, measure);
	console.log(`\n${title}`);
	for (const [name, { p50, p99, longest, failed }] of results) {
		console.log(
			`  ${name.padEnd(12)}p50 ${p50.toFixed(0).padStart(5)} us, p99 ${p99.toFixed(0).padStart(5)} us, longest ${longest.toFixed(0).padStart(6)} us, ${failed} failed`,
		);
	}
	const tap = results.get("tap") as Load;
	const socat = results.get("socat") as Load;
	console.log(
		`  the tap takes ${(tap.p50 / socat.p50).toFixed(2)} times socat's p50, ${(tap.p99 / socat.p99).toFixed(2)} times its p99`,
	);
}

/** Measures each way in turn, A B C A B C, so that a machine that slows down slows all of them. */
async function inTurn(
	ways: Readonly<Record<string, string>>,
	measure: (path: string) => Promise<Load>,
): Promise<Map<string, Load>> {
	const all = new Map<string, Load[]>();
	for (let run = 0; run < RUNS; run++) {
		for (const [name, path] of Object.entries(ways)) {
			all.set(name, [...(all.get(name) ?? []), await measure(path)]);
		}
	}
	const medians = new Map<string, Load>();
	for (const [name, loads] of all) medians.set(name, medianOf(loads));
	return medians;
}

function medianOf(loads: readonly Load[]): Load {
	const median = (of: (load: Load) => number) =>
		loads.map(of).sort((a, b) => a - b)[loads.length >> 1] as number;
	return {
		megabytesPerSecond: median((load) => load.megabytesPerSecond),
		requestsPerSecond: median((load) => load.requestsPerSecond),
		p50: median((load) => load.p50),
		p99: median((load) => load.p99),
		longest: median((load) => load.longest),
		failed: loads.reduce((sum, load) => sum + load.failed, 0),
	};
}
