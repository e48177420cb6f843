// What applications write, and what they find when they start: environment and descriptors.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import type { Address } from "../../../src/live/address.js";
import { appCommand, appParams } from "../../support/apps.js";
import { ask } from "../../support/fcgi-client.js";
import { until } from "../../support/until.js";
import { askFor, watch } from "./watched.js";

const libfcgi = await appCommand("libfcgi");

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
	// The shell adds its own, and Node what measures coverage.
	const shell = /^stdout: (?:PWD|OLDPWD|SHLVL|_|NODE_V8_COVERAGE)=/;
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
