// A socket that this process makes and never accepts on, in a folder of its own.

import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { listenPrivately } from "../../../src/live/spawn/private-socket.js";
import { listens } from "../../support/apps.js";

/** Has temporary files elsewhere during a test. */
function setTmpdir(context: TestContext, folder: string): void {
	const before = process.env.TMPDIR;
	process.env.TMPDIR = folder;
	context.after(() => {
		if (before === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = before;
	});
}

test("the descriptor is the listening socket, and the file outlives it", async (context) => {
	const { folder, path, descriptor, letGo } = listenPrivately();
	context.after(() => rmSync(folder, { recursive: true }));
	assert.equal(statSync(folder).mode & 0o777, 0o700);
	assert.deepEqual(readdirSync(folder), ["app.sock"]);
	const link = `/proc/self/fd/${descriptor}`;
	assert.ok(statSync(link).isSocket());
	letGo();
	await wait(1);
	assert.ok(!existsSync(link));
	assert.ok(statSync(path).isSocket());
	assert.equal(await listens({ kind: "unix", path }), false);
});

test("a folder that cannot have a socket is refused in one line", (context) => {
	setTmpdir(context, "/no/such/folder");
	assert.throws(listenPrivately, {
		code: "usage",
		message:
			"/no/such/folder: no folder can be made in it for the application's socket (ENOENT); set TMPDIR to one that is writable",
	});
	process.env.TMPDIR = `/tmp/${"long".repeat(20)}`;
	assert.throws(listenPrivately, {
		code: "usage",
		message: /: too long for a Unix socket in it; set TMPDIR to a shorter/,
	});
});
