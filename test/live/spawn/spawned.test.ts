// Real applications on a spawned socket: they answer, their ends are said and mended, and nothing of them stays behind.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { test } from "node:test";
import type { Address } from "../../../src/live/address.js";
import { APPS, appCommand, appParams } from "../../support/apps.js";
import { ask, type Question } from "../../support/fcgi-client.js";
import {
	descendants,
	descriptorFlags,
	isThere,
	O_NONBLOCK,
	processes,
} from "../../support/processes.js";
import { until } from "../../support/until.js";
import { watch } from "./watched.js";

const libfcgi = await appCommand("libfcgi");

/** Asks the libfcgi application for something. */
const askFor = (address: Address, query: string, question: Question = {}) =>
	ask(address, { params: appParams("libfcgi", query), ...question });

/** The folder of an application's socket. */
function folderOf(address: Address): string {
	assert.equal(address.kind, "unix");
	return dirname((address as { path: string }).path);
}

for (const name of APPS) {
	test(`${name} runs and answers`, async (context) => {
		const { start, said } = watch(context, await appCommand(name));
		const address = await start();
		const plain = await ask(address, {
			params: appParams(name),
			stdin: "hello",
		});
		assert.equal(plain.lines.app, name);
		assert.equal(plain.lines.method, "POST");
		assert.equal(plain.lines.stdin, "5");
		assert.equal(plain.protocolStatus, 0);
		const body = randomBytes(200_000);
		const echo = await ask(address, {
			params: appParams(name, "echo=1"),
			stdin: body,
		});
		const digest = (bytes: Buffer) =>
			createHash("sha256").update(bytes).digest("hex");
		assert.equal(digest(echo.body), digest(body));
		assert.deepEqual(said, []);
	});
}

test("the socket is nobody else's, and blocks as an application expects", async (context) => {
	const { start, spawned } = watch(context, libfcgi);
	const folder = folderOf(await start());
	assert.equal(statSync(folder).mode & 0o777, 0o700);
	const [pid] = spawned.pids;
	assert.equal(descriptorFlags(pid as number, 0) & O_NONBLOCK, 0);
});

test("three workers answer three slow requests at once", async (context) => {
	const { start, spawned } = watch(context, libfcgi, { workers: 3 });
	const address = await start();
	assert.equal(spawned.pids.length, 3);
	const began = performance.now();
	const answers = await Promise.all(
		[1, 2, 3].map(() => askFor(address, "sleep=600")),
	);
	const took = performance.now() - began;
	const pids = answers.map(({ lines }) => Number(lines.pid));
	assert.deepEqual(pids.sort(), [...spawned.pids].sort());
	assert.ok(took < 1700, `${took} ms`);
});

test("an application that exits is started again, later each time", async (context) => {
	const { start, said } = watch(context, libfcgi);
	const address = await start();
	const [first, second] = await exitTwice(address);
	assert.equal(first.protocolStatus, undefined);
	assert.equal(second.protocolStatus, undefined);
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
	async function exitTwice(address: Address) {
		return [
			await askFor(address, "exit=3"),
			await askFor(address, "signal=11"),
		] as const;
	}
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

test("php-cgi with children answers from them, and all of them end", async (context) => {
	const { start, spawned } = watch(context, ["php-cgi"], {
		env: [["PHP_FCGI_CHILDREN", "4"]],
	});
	const address = await start();
	const [master] = spawned.pids as [number];
	await until("the children are there", () => descendants(master).length === 4);
	const all = [master, ...descendants(master)];
	const pids = await Promise.all(
		[1, 2, 3, 4].map(async () => {
			const params = appParams("php-cgi", "sleep=300");
			const { lines } = await ask(address, { params });
			return Number(lines.pid);
		}),
	);
	for (const pid of pids) assert.ok(all.includes(pid) && pid !== master);
	await spawned.stop();
	assert.deepEqual(all.filter(isThere), []);
	assert.ok(!existsSync(folderOf(address)));
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

test("stop leaves no process, no socket and no folder", async (context) => {
	const { start, spawned, said } = watch(context, libfcgi, { workers: 2 });
	const folder = folderOf(await start());
	const before = descendants(process.pid);
	assert.ok(spawned.pids.every((pid) => before.includes(pid)));
	await spawned.stop();
	assert.deepEqual(before.filter(isThere), []);
	assert.ok(!existsSync(folder));
	assert.deepEqual(said, []);
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

test("stopNow leaves nothing either", async (context) => {
	const { start, spawned } = watch(context, [
		...["sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"],
	]);
	const folder = folderOf(await start());
	const before = descendants(process.pid);
	spawned.stopNow();
	assert.ok(!existsSync(folder));
	await until("all are gone", () => !before.some(isThere), 2000);
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

test("what applications write arrives line by line", async (context) => {
	const { start, spawned, wrote } = watch(context, libfcgi);
	const address = await start();
	await askFor(address, "log=oops&flood=1");
	await askFor(address, "log=again");
	await spawned.stop();
	assert.deepEqual(
		wrote.filter((line) => line.startsWith("stderr")),
		["stderr: oops", "stderr: again"],
	);
	assert.ok(wrote.includes(`stdout: ${".".repeat(99)}`));
});

test("an application may open /dev/stderr, as log settings have it", async (context) => {
	const { start, wrote } = watch(context, [
		...["php-cgi", "-d", "error_log=/dev/stderr"],
	]);
	const address = await start();
	const params = appParams("php-cgi", "stderr=to-the-log");
	assert.equal((await ask(address, { params })).stderr, "");
	await until("it arrives", () => wrote.length > 0);
	assert.match(wrote[0] ?? "", /^stderr: .*to-the-log$/);
});

test("where no pipe can be made, what they write arrives all the same", async (context) => {
	const { PATH } = process.env;
	context.after(() => {
		process.env.PATH = PATH;
	});
	process.env.PATH = "/no/such/folder";
	const { start, spawned, wrote } = watch(context, libfcgi);
	await askFor(await start(), "log=oops");
	await spawned.stop();
	assert.deepEqual(wrote, ["stderr: oops"]);
});

test("an application that floods its stdout is not held up, and what is left out is counted", async (context) => {
	const { start, spawned, wrote } = watch(context, libfcgi);
	const address = await start();
	const answer = await askFor(address, "flood=300000");
	assert.equal(answer.lines.app, "libfcgi");
	await spawned.stop();
	const more = wrote.map((line) => /(\d+) more lines/.exec(line)?.[1]);
	const counted = more.reduce((sum, count) => sum + Number(count ?? 0), 0);
	const told = more.filter((count) => count === undefined).length;
	assert.equal(told + counted, 300_000);
	assert.ok(told < 20_000, `${told} lines were told`);
});

test("the environment is one's own and what was added, or clean", async (context) => {
	process.env.FCGI_INSPECT_TEST = "own";
	context.after(() => delete process.env.FCGI_INSPECT_TEST);
	const kept = await watch(context, libfcgi, {
		env: [["ADDED", "a b"]],
	}).start();
	const env = async (address: Address, name: string) =>
		(await askFor(address, `env=${name}`)).lines.env;
	assert.equal(await env(kept, "FCGI_INSPECT_TEST"), "own");
	assert.equal(await env(kept, "ADDED"), "a b");
	assert.equal(await env(kept, "NODE_CHANNEL_FD"), "");
	const printed = watch(context, ["sh", "-c", "env; exec sleep 60"], {
		cleanEnv: true,
		env: [["ADDED", "1"]],
	});
	await printed.start();
	await until("all is printed", () => printed.wrote.length >= 3);
	const shell = /^stdout: (?:PWD|OLDPWD|SHLVL|_)=/;
	assert.deepEqual(printed.wrote.filter((line) => !shell.test(line)).sort(), [
		"stdout: ADDED=1",
		`stdout: PATH=${process.env.PATH}`,
	]);
});

test("an application has its three descriptors, and no other of ours", async (context) => {
	const { start, wrote } = watch(context, [
		...["sh", "-c", "ls -l /proc/self/fd; exec sleep 60"],
	]);
	await start();
	await until("they are printed", () => wrote.length >= 5);
	const open = wrote.map((line) => /(\d+) -> (socket|\/.*\/output)/.exec(line));
	assert.deepEqual(
		open.flatMap((found) =>
			found ? [`${found[1]} ${basename(found[2] ?? "")}`] : [],
		),
		["0 socket", "1 output", "2 output"],
	);
});

const REFUSED: readonly [string, readonly string[], RegExp][] = [
	[
		"a program that is not there",
		["no-such-program"],
		/^no-such-program: cannot be started: there is no such program/,
	],
	[
		"a file that is not executable",
		[`${import.meta.dirname}`],
		/not an executable file$/,
	],
	["no worker", ["true"], /^applications are 1 to 256, and not 0$/],
	["no command", [], /^no program to start$/],
];
for (const [what, command, message] of REFUSED) {
	test(`${what} is refused in one line, and nothing is left`, async (context) => {
		const { start, said } = watch(context, command, {
			workers: what === "no worker" ? 0 : 2,
		});
		const before = descendants(process.pid);
		await assert.rejects(start(), { code: "usage", message });
		assert.deepEqual(said, []);
		assert.deepEqual(
			descendants(process.pid).filter((pid) => !before.includes(pid)),
			[],
		);
	});
}
