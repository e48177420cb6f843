// Real applications on a spawned socket: they answer, and when they are stopped nothing of them stays behind.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { test } from "node:test";
import { APPS, appCommand, appParams } from "../../support/apps.js";
import { ask } from "../../support/fcgi-client.js";
import {
	descendants,
	descriptorFlags,
	isThere,
	O_NONBLOCK,
} from "../../support/processes.js";
import { until } from "../../support/until.js";
import { askFor, folderOf, watch } from "./watched.js";

const libfcgi = await appCommand("libfcgi");

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
