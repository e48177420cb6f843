// Waiting for an application that is not there yet.

import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { waitForSocket } from "../../src/live/wait-for-socket.js";
import {
	application,
	ask,
	childApplication,
	killed,
	names,
	opened,
	scratch,
} from "../support/unix-application.js";

test("it waits for the folder, the socket, and somebody who listens", async (t) => {
	const folder = join(scratch(t), "run");
	const path = join(folder, "app.sock");
	let ready = false;
	const waiting = waitForSocket(path, assert.fail).then((result) => {
		ready = true;
		return result;
	});
	await setTimeout(300);
	mkdirSync(folder);
	await killed(await childApplication(t, `${path}.x`, ""));
	renameSync(`${path}.x`, path);
	await setTimeout(300);
	assert.equal(ready, false);
	await application(t, `${path}.x`, "the application");
	renameSync(`${path}.x`, path);
	assert.equal(await waiting, true);
});

test("it ends when it is told to", async (t) => {
	const stop = new AbortController();
	const path = join(scratch(t), "app.sock");
	const waiting = waitForSocket(path, assert.fail, stop.signal);
	await setTimeout(20);
	stop.abort();
	assert.equal(await waiting, false);
	assert.equal(await waitForSocket(path, assert.fail, stop.signal), false);
});

test("what waiting does not change is left to who opens it", async (t) => {
	const folder = scratch(t);
	assert.equal(await waitForSocket(folder, assert.fail), true);
	const file = join(folder, "file");
	writeFileSync(file, "");
	assert.equal(await waitForSocket(file, assert.fail), true);
});

test("what a killed tap has left is repaired meanwhile, and a tap that is there refused", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await killed(await childApplication(t, path, ""));
	await application(t, join(folder, "x"), "the application");
	renameSync(
		join(folder, "x"),
		join(folder, ".app.sock.fcgi-inspect-4194305-1"),
	);
	const said: string[] = [];
	assert.equal(await waitForSocket(path, (line) => said.push(line)), true);
	assert.match(said.join("\n"), /^.*: put back what a tap .*$/);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "the application");
	await opened(t, path);
	await assert.rejects(waitForSocket(path, assert.fail), /: a tap \(process/);
});
