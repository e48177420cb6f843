// The keeper alone: it ends the applications when the tap can no longer do it, however the tap ended.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { appCommand, appParams } from "../../support/apps.js";
import { ask } from "../../support/fcgi-client.js";
import { descendants, isThere } from "../../support/processes.js";
import { until } from "../../support/until.js";
import type { LoneTap } from "./lone-tap.js";

const LONE_TAP = fileURLToPath(new URL("lone-tap.js", import.meta.url));

/** Starts a process that spawns applications, in a group of its own. */
async function startLoneTap(
	context: TestContext,
	...args: readonly string[]
): Promise<LoneTap & { tap: ChildProcess; all: readonly number[] }> {
	const tap = spawn(process.execPath, [LONE_TAP, ...args], {
		stdio: ["ignore", "pipe", "inherit"],
		detached: true,
	});
	context.after(() => tap.kill("SIGKILL"));
	const [line] = (await once(tap.stdout, "data")) as [Buffer];
	const told = JSON.parse(line.toString()) as LoneTap;
	return { ...told, tap, all: descendants(tap.pid as number) };
}

test("a tap that is killed leaves no application, socket or folder", async (context) => {
	const php = ["env", "PHP_FCGI_CHILDREN=2", "php-cgi"];
	const { tap, path, pids } = await startLoneTap(context, "2", "500", ...php);
	await until("the children are there", () =>
		pids.every((pid) => descendants(pid).length === 2),
	);
	const all = descendants(tap.pid as number);
	// The keeper, two applications, and two children of each.
	assert.equal(all.length, 7);
	tap.kill("SIGKILL");
	await until("all are gone", () => !all.some(isThere));
	await until("so is the folder", () => !existsSync(dirname(path)));
});

test("applications that ignore SIGTERM end after the grace", async (context) => {
	const { tap, path, pids } = await startLoneTap(
		context,
		...["1", "700", "sh", "-c", "trap '' TERM; sleep 60; sleep 60"],
	);
	const [shell] = pids as [number];
	// The first sleep comes behind the trap, and inherits it.
	await until("the trap is set", () => descendants(shell).length === 1);
	const all = descendants(tap.pid as number);
	const began = performance.now();
	tap.kill("SIGKILL");
	await until("all are gone", () => !all.some(isThere));
	assert.ok(performance.now() - began >= 700);
	await until("so is the folder", () => !existsSync(dirname(path)));
});

test("Ctrl-C reaches the tap alone: applications go on answering", async (context) => {
	const { tap, path } = await startLoneTap(
		context,
		...["1", "300", ...(await appCommand("libfcgi"))],
	);
	const address = { kind: "unix", path } as const;
	const question = { params: appParams("libfcgi", "sleep=400") };
	const slow = ask(address, question);
	// As a terminal does: to all of the foreground group. The tap itself is stopped from hearing it.
	tap.kill("SIGSTOP");
	process.kill(-(tap.pid as number), "SIGINT");
	assert.equal((await slow).lines.app, "libfcgi");
});

test("whoever ends the keeper by SIGTERM ends the applications", async (context) => {
	const { all, path, tap } = await startLoneTap(
		context,
		...["2", "300", ...(await appCommand("libfcgi"))],
	);
	const [keeper] = all as [number];
	process.kill(keeper, "SIGTERM");
	await until("all are gone", () => !all.some(isThere));
	assert.ok(!existsSync(dirname(path)));
	assert.equal(tap.exitCode, null);
});
