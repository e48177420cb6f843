// What an entrance in place does when the application restarts, dies or has its files removed, with applications of Node.

import assert from "node:assert/strict";
import {
	chmodSync,
	chownSync,
	linkSync,
	lstatSync,
	renameSync,
	rmSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import {
	application,
	asideOf,
	ask,
	childApplication,
	killed,
	names,
	opened,
	scratch,
	seemingTap,
} from "../support/unix-application.js";
import { until } from "../support/until.js";

const inode = (path: string) => lstatSync(path).ino;

test("an application that restarts is noticed within a second", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const said: string[] = [];
	const first = await application(t, path, "first");
	const entrance = await opened(t, path, said);
	// It unlinks its path, which is the tap's socket by now.
	first.close();
	await until("the loss is said", () => said.length === 1, 1000);
	assert.match(
		said[0] ?? "",
		/: the socket was removed; waiting for the application to make it anew$/,
	);
	await until("its old socket is gone", () => names(folder).length === 0);
	await application(t, path, "second");
	const made = inode(path);
	await until("the return is said", () => said.length === 2, 1000);
	assert.match(said[1] ?? "", /made its socket anew, and the tap is in front/);
	assert.notEqual(inode(path), made);
	assert.equal(await ask(path), "second");
	assert.equal(names(folder).length, 2);
	await entrance.close();
	assert.equal(inode(path), made);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(said.length, 2);
});

test("an application that replaces its socket at once is followed, and who waited is let in", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const said: string[] = [];
	await application(t, path, "first");
	const entrance = await opened(t, path, said);
	rmSync(path);
	await application(t, path, "second");
	chmodSync(path, 0o600);
	const made = inode(path);
	await until("it is in front again", () => inode(path) !== made);
	assert.equal(await ask(path), "second");
	assert.equal(lstatSync(path).mode & 0o777, 0o600);
	assert.equal(names(folder).length, 2);
	assert.equal(said.length, 1);
	await entrance.close();
	assert.equal(inode(path), made);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("a socket that the application made anew just now is left alone on leaving", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "first");
	const entrance = await opened(t, path);
	rmSync(path);
	await application(t, path, "second");
	const made = inode(path);
	entrance.closeNow();
	assert.equal(inode(path), made);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "second");
});

test("what the application's owner removed is put back on leaving if somebody still listens there", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const said: string[] = [];
	await application(t, path, "the application");
	const before = inode(path);
	const entrance = await opened(t, path, said);
	rmSync(path);
	await until("the loss is said", () => said.length === 1);
	await setTimeout(300);
	assert.equal(said.length, 1);
	await entrance.close();
	assert.equal(inode(path), before);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "the application");
});

test("permissions that the application changes meanwhile stay", async (t) => {
	const path = join(scratch(t), "app.sock");
	await application(t, path, "the application");
	const entrance = await opened(t, path);
	chmodSync(path, 0o600);
	chownSync(path, 33, 33);
	await entrance.close();
	const after = lstatSync(path);
	assert.deepEqual([after.mode & 0o777, after.uid, after.gid], [0o600, 33, 33]);
});

test("when the application is killed its socket is put back, without any traffic", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const said: string[] = [];
	const child = await childApplication(t, path, "first");
	const before = inode(path);
	const entrance = await opened(t, path, said);
	await killed(child);
	await until("its death is said", () => said.length === 1);
	assert.match(said[0] ?? "", /is gone and has left its socket, which was put/);
	assert.equal(inode(path), before);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "ECONNREFUSED");
	assert.deepEqual(entrance.application, { kind: "unix", path });
	// As applications do that find a dead socket.
	rmSync(path);
	await childApplication(t, path, "second");
	await until("the return is said", () => said.length === 2);
	assert.equal(await ask(path), "second");
	await entrance.close();
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "second");
});

test("where the system's list does not tell, a refused connection does", async (t) => {
	const folder = scratch(t);
	// Bound under another name, so that its line cannot be known.
	const child = await childApplication(t, join(folder, "bound"), "first");
	const path = join(folder, "app.sock");
	renameSync(join(folder, "bound"), path);
	const before = inode(path);
	const said: string[] = [];
	await opened(t, path, said);
	await killed(child);
	await setTimeout(600);
	assert.equal(said.length, 0);
	assert.equal(await ask(path), "");
	await until("its death is said", () => said.length === 1);
	assert.equal(inode(path), before);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("an entrance that waits for its application leaves nothing when it closes", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const said: string[] = [];
	const first = await application(t, path, "first");
	const entrance = await opened(t, path, said);
	first.close();
	await until("its old socket is gone", () => names(folder).length === 0);
	await entrance.close();
	assert.deepEqual(names(folder), []);
	await application(t, path, "second");
	await setTimeout(400);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(said.length, 1);
});

test("a tap that waits leaves the application's return to another tap, until that has gone", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const said: string[] = [];
	const first = await application(t, path, "first");
	await opened(t, path, said);
	first.close();
	await until("its old socket is gone", () => names(folder).length === 0);
	await application(t, `${path}.x`, "second");
	const other = asideOf(path, seemingTap(t));
	linkSync(`${path}.x`, other);
	renameSync(`${path}.x`, path);
	const before = inode(path);
	await until("it is said", () => said.length === 2);
	assert.match(
		said[1] ?? "",
		/: a tap \(process \d+\) is there already; stop it/,
	);
	await setTimeout(600);
	assert.equal(said.length, 2);
	assert.equal(inode(path), before);
	assert.equal(await ask(path), "second");
	rmSync(other);
	await until("it is in front again", () => inode(path) !== before);
	assert.equal(await ask(path), "second");
});

for (const when of ["the next connection", "leaving"] as const) {
	test(`somebody who removes the moved socket is told of at ${when}`, async (t) => {
		const folder = scratch(t);
		const path = join(folder, "app.sock");
		await application(t, path, "first");
		const said: string[] = [];
		const entrance = await opened(t, path, said);
		rmSync(join(folder, names(folder)[0] ?? ""));
		if (when === "leaving") await entrance.close();
		else assert.equal(await ask(path), "");
		await until("it is said", () => said.length > 0);
		await entrance.close();
		assert.equal(said.length, 1);
		assert.match(said[0] ?? "", /somebody has removed .*start the application/);
		assert.deepEqual(names(folder), []);
	});
}
