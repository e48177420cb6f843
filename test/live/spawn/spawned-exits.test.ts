// Applications that end: by themselves, by a fault, or by force. It is said, and others take their place.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { appCommand, appParams } from "../../support/apps.js";
import { ask } from "../../support/fcgi-client.js";
import { descendants, isThere, processes } from "../../support/processes.js";
import { until } from "../../support/until.js";
import { askFor, folderOf, watch } from "./watched.js";

const libfcgi = await appCommand("libfcgi");

test("an application that exits is started again, later each time", async (context) => {
	const { start, said } = watch(context, libfcgi);
	const address = await start();
	for (const query of ["exit=3", "signal=11"]) {
		const answer = await askFor(address, query);
		assert.equal(answer.protocolStatus, undefined);
	}
	const again = await askFor(address, "");
	assert.equal(again.lines.app, "libfcgi");
	assert.equal(said.length, 2);
	assert.match(
		said[0] ?? "",
		/^application \d+ exited with status 3 after \d+ ms; it is started again in 1 s$/,
	);
	assert.match(
		said[1] ?? "",
		/^application \d+ was ended by SIGSEGV after .*; it is started again in 2 s$/,
	);
});

test("an exit on purpose is no failure: no request waits for it, and none is lost", async (context) => {
	const { start, said } = watch(context, ["php-cgi"], {
		workers: 2,
		env: [["PHP_FCGI_MAX_REQUESTS", "50"]],
	});
	const address = await start();
	const pids = new Set<string | undefined>();
	let asked = 0;
	const began = performance.now();
	const askOn = async () => {
		while (asked++ < 400) {
			const answer = await ask(address, {
				params: appParams("php-cgi"),
				stdin: "hello",
			});
			assert.equal(answer.lines.stdin, "5");
			pids.add(answer.lines.pid);
		}
	};
	await Promise.all([askOn(), askOn(), askOn(), askOn()]);
	assert.ok(pids.size >= 8, `${pids.size} processes`);
	assert.ok(performance.now() - began < 10_000);
	await until("exits are said", () => said.length >= pids.size - 2);
	for (const line of said) {
		assert.match(line, /exited with status 0 .*; it is started again$/);
	}
});

test("a program that goes into the background is told to stay", async (context) => {
	const { start, said } = watch(context, ["true"]);
	await start();
	await until("it has to wait", () =>
		said.some((line) => /foreground\); it is started again in 1 s$/.test(line)),
	);
});

test("what a killed application had forked ends with it", async (context) => {
	const { start, spawned, said } = watch(context, ["php-cgi"], {
		env: [["PHP_FCGI_CHILDREN", "2"]],
	});
	await start();
	const [master] = spawned.pids as [number];
	await until("the children are there", () => descendants(master).length === 2);
	const children = descendants(master);
	process.kill(master, "SIGKILL");
	await until("the children are gone", () => !children.some(isThere));
	await until("it was said", () => said.length === 1);
	assert.match(said[0] ?? "", /was ended by SIGKILL/);
});

test("an application that ignores SIGTERM is killed after the grace, and it is said", async (context) => {
	const { start, spawned, said } = watch(context, [
		...["sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"],
	]);
	const folder = folderOf(await start());
	const [shell] = spawned.pids as [number];
	// The sleep comes behind the trap, and inherits it.
	await until("the trap is set", () => descendants(shell).length === 1);
	const all = [shell, ...descendants(shell)];
	await spawned.stop();
	assert.deepEqual(all.filter(isThere), []);
	assert.ok(!existsSync(folder));
	assert.match(
		said.join("\n"),
		/^application \d+ did not end within 500 ms of SIGTERM, and was killed$/,
	);
});

test("a keeper that is killed takes the applications with it, and it is said", async (context) => {
	const { start, spawned, said } = watch(context, libfcgi);
	await start();
	const [pid] = spawned.pids as [number];
	const keeper = processes().find((one) => one.pid === pid)?.parent as number;
	process.kill(keeper, "SIGKILL");
	await until("the application is gone", () => !isThere(pid));
	assert.match(
		said.join("\n"),
		/^the keeper of the applications' socket was ended \(SIGKILL\)/,
	);
});
