// The rows of `send`: requests a second beside cgi-fcgi in a loop and beside a bare loop over a socket, the throughput of
// large bodies, and the memory that an endless one takes. The application is test/apps/load.c, which costs next to nothing.

import { execFile } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildLoad, type LoadProgram } from "../support/tap-load.js";
import { compare, SAY_PEAK } from "./measure.js";
import { SMALL_REQUEST } from "./send-params.js";

const RUNS = 7;
const REQUESTS = 20_000;
/** cgi-fcgi is a process for each. */
const CGI_FCGI_REQUESTS = 200;
const BODY_BYTES = 8_000_000;
const BODIES = 50;
const execute = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CLI = here("../../../bin/fcgi-inspect.js");

/** Measures `send`, in a folder. */
export async function benchSend(folder: string): Promise<void> {
	const load = await buildLoad(folder);
	try {
		const app = await load.app("send", 1000);
		await smallRequests(load, app);
		await largeBodies(app, folder);
		await endlessBody(app);
	} finally {
		await load.stop();
	}
}

async function smallRequests(load: LoadProgram, app: string): Promise<void> {
	const params = SMALL_REQUEST.flatMap(([name, value]) => [
		"-P",
		`${name}=${value}`,
	]);
	const asking = { requests: REQUESTS, connections: 1, keep: true };
	const rates = await inTurn({
		"load.c": async () => (await load.ask(app, asking)).requestsPerSecond,
		"bare loop": async () => {
			const loop = here("bare-send-loop.js");
			const args = [loop, app, `${REQUESTS}`];
			return Number((await execute(process.execPath, args)).stdout);
		},
		send: async () => {
			const { stderr } = await execute(process.execPath, [
				...[CLI, "send", "--to", app, ...params, "--keep-conn", "-q"],
				...["--requests", `${REQUESTS}`],
			]);
			return Number(/, (\d+)\/s;/.exec(stderr)?.[1]);
		},
		...((await hasCgiFcgi()) ? { "cgi-fcgi": () => cgiFcgi(app) } : {}),
	});
	console.log(
		"\nsmall requests on a kept connection, each by itself (the goal: 3 times cgi-fcgi in a loop, 0.6 of a bare loop in Node)",
	);
	for (const [name, rate] of rates) {
		console.log(`  ${name.padEnd(12)}${rate.toFixed(0).padStart(7)} a second`);
	}
	const rate = (name: string) => rates.get(name) as number;
	const against = (name: string) =>
		rates.has(name) ? (rate("send") / rate(name)).toFixed(2) : "?";
	console.log(
		`  send has ${against("cgi-fcgi")} times cgi-fcgi's, ${against("bare loop")} of the bare loop's, ${against("load.c")} of load.c's`,
	);
}

async function hasCgiFcgi(): Promise<boolean> {
	return execute("sh", ["-c", "command -v cgi-fcgi"]).then(
		() => true,
		() => false,
	);
}

/** A process for each request, as in a shell's loop: it has no other way. */
async function cgiFcgi(app: string): Promise<number> {
	const began = performance.now();
	await execute(
		"sh",
		[
			"-c",
			`for i in $(seq ${CGI_FCGI_REQUESTS}); do cgi-fcgi -bind -connect ${app} >/dev/null; done`,
		],
		{
			env: {
				...Object.fromEntries(SMALL_REQUEST),
				PATH: process.env.PATH,
			},
		},
	);
	return CGI_FCGI_REQUESTS / ((performance.now() - began) / 1000);
}

async function largeBodies(app: string, folder: string): Promise<void> {
	const file = join(folder, "body");
	writeFileSync(file, "");
	truncateSync(file, BODY_BYTES);
	const send = [process.execPath, CLI, "send", "--to", app, "-q"];
	const post = [...send, "-P", "REQUEST_METHOD=POST", "-d", `@${file}`];
	const command = [...post, "--keep-conn", "--requests", `${BODIES}`];
	const costs = await compare({ send: command }, 3);
	const seconds = costs.get("send")?.seconds ?? 0;
	const megabytes = (BODIES * BODY_BYTES) / 1e6;
	console.log(
		`\n-d @8MB, ${BODIES} times on a kept connection: ${(megabytes / seconds).toFixed(0)} MB/s of body, starting included (the goal: 300)`,
	);
}

async function endlessBody(app: string): Promise<void> {
	const { stderr } = await execute("sh", [
		"-c",
		`head -c 1G /dev/zero | ${process.execPath} --import '${SAY_PEAK}' ${CLI} send --to ${app} -P REQUEST_METHOD=POST -d - -q --timeout 5m`,
	]);
	const megabytes = Number(/\npeak (\d+)$/.exec(stderr)?.[1]) / 1024;
	console.log(
		`\n1 GB from a pipe with -d -: peak ${megabytes.toFixed(0)} MB (the goal: under 200)`,
	);
}

/** The median of each, measured in turn, A B C A B C, so that a machine that slows down slows all of them. */
async function inTurn(
	ways: Readonly<Record<string, () => Promise<number>>>,
): Promise<Map<string, number>> {
	const all = new Map<string, number[]>();
	for (let run = 0; run < RUNS; run++) {
		for (const [name, measure] of Object.entries(ways)) {
			all.set(name, [...(all.get(name) ?? []), await measure()]);
		}
	}
	const medians = new Map<string, number>();
	for (const [name, rates] of all) {
		const median = rates.sort((a, b) => a - b)[rates.length >> 1] as number;
		medians.set(name, median);
	}
	return medians;
}
