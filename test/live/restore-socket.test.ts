// What taps that were killed have left, in each state that they and the application can be in since then.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
	chmodSync,
	chownSync,
	linkSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { leftAside } from "../../src/live/left-aside.js";
import { restoreSocket } from "../../src/live/restore-socket.js";
import { lookAt } from "../../src/live/socket-file.js";
import { SocketPlace } from "../../src/live/socket-place.js";
import {
	application,
	asideOf,
	ask,
	childApplication,
	killed,
	names,
	scratch,
	seemingTap,
	startOf,
} from "../support/unix-application.js";

/** An id that no process has: Linux gives none above 2^22. */
const GONE = 4194305;

/** A name that process `id` would have left beside `app.sock`. */
const left = (folder: string, id = GONE, ticks = 1) =>
	join(folder, `.app.sock.fcgi-inspect-${id}-${ticks}`);

/** Makes a socket that nobody listens at. */
async function dead(t: TestContext, path: string): Promise<void> {
	await killed(await childApplication(t, path, ""));
}

/** Makes a socket that somebody listens at, under a name that nobody has to remove. */
async function live(
	t: TestContext,
	path: string,
	name: string,
): Promise<string> {
	await application(t, `${path}.x`, name);
	renameSync(`${path}.x`, path);
	return lookAt(path)?.identity ?? "";
}

async function restored(path: string): Promise<string> {
	const said: string[] = [];
	await restoreSocket(path, (line) => said.push(line));
	assert.equal(said.length, 1);
	return (said[0] ?? "").replace(`${path}: `, "");
}

const PUT_BACK = `put back what a tap that was killed (process ${GONE}) had moved aside`;

test("a dead tap in the place, the application beside it: put back", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await dead(t, path);
	const original = await live(t, left(folder), "the application");
	assert.equal(await restored(path), PUT_BACK);
	assert.equal(lookAt(path)?.identity, original);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "the application");
});

test("nothing in the place, the application beside it: put back", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const original = await live(t, left(folder), "the application");
	assert.equal(await restored(path), PUT_BACK);
	assert.equal(lookAt(path)?.identity, original);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("a dead tap in the place, a dead application beside it: put back, as it was before the tap", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await dead(t, path);
	await dead(t, left(folder));
	const original = lookAt(left(folder))?.identity;
	assert.equal(await restored(path), PUT_BACK);
	assert.equal(lookAt(path)?.identity, original);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("nothing in the place, a dead application beside it: removed, as the application removed its socket", async (t) => {
	const folder = scratch(t);
	await dead(t, left(folder));
	assert.match(
		await restored(join(folder, "app.sock")),
		/^removed what a tap .* had left, as the application is gone$/,
	);
	assert.deepEqual(names(folder), []);
});

test("the application's new socket in the place, its old one beside it: removed", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await dead(t, left(folder));
	await application(t, path, "the application");
	assert.match(
		await restored(path),
		/^removed what a tap .* as the application's own socket is in its place$/,
	);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "the application");
});

test("killed between the two names: the second is removed", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	linkSync(path, left(folder));
	await dead(t, `${left(folder)}.new1`);
	assert.match(await restored(path), /^removed what/);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "the application");
});

test("killed before anything was moved: what it had made is removed", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	await dead(t, `${left(folder)}.new1`);
	assert.equal(
		await restored(path),
		"removed what a tap that was killed had left",
	);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("of several, the one where somebody listens is put back", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await dead(t, path);
	await dead(t, left(folder, GONE + 1));
	const original = await live(t, left(folder), "the application");
	await dead(t, left(folder, GONE + 2));
	assert.equal(await restored(path), PUT_BACK);
	assert.equal(lookAt(path)?.identity, original);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("of several where somebody listens, the last is put back", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await live(t, left(folder, GONE + 1), "older");
	// Takes longer than the step of the file system's clock.
	await dead(t, path);
	const newest = await live(t, left(folder), "newer");
	assert.equal(await restored(path), PUT_BACK);
	assert.equal(lookAt(path)?.identity, newest);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("somebody in the place and somebody else beside it: refused, as it may be a tap that cannot be seen", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await live(t, left(folder), "one");
	await application(t, path, "another");
	const before = names(folder);
	await assert.rejects(restoreSocket(path, assert.fail), {
		code: "connection-failed",
		message: `${path}: somebody listens here and at ${left(folder)}: a tap in another container, or the application twice; if there is no tap, remove the latter`,
	});
	assert.deepEqual(names(folder), before);
});

test("a tap that runs is found, whoever it belongs to, and not taken for a process that got its number later", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await live(t, left(folder), "the application");
	chownSync(left(folder), 33, 33);
	await dead(t, path);
	chownSync(path, 33, 33);
	const id = seemingTap(t, 33);
	const name = asideOf(path, id);
	renameSync(left(folder), name);
	const message = `${path}: a tap (process ${id}) is there already; stop it with: kill -INT ${id}`;
	await assert.rejects(restoreSocket(path, assert.fail), { message });
	const place = new SocketPlace(path);
	chmodSync(folder, 0o755);
	process.seteuid?.(65534);
	try {
		assert.throws(() => process.kill(id, 0), { code: "EPERM" });
		assert.equal(leftAside(place)[0]?.tap, "runs");
	} finally {
		process.seteuid?.(0);
	}
	// Another process has got the number.
	renameSync(name, left(folder, id, startOf(id) - 1));
	assert.match(await restored(path), /^put back/);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("in a folder of everybody's, nobody's socket is not put in the place of the application's", async (t) => {
	const folder = scratch(t);
	chmodSync(folder, 0o1777);
	const path = join(folder, "app.sock");
	await dead(t, path);
	chownSync(path, 33, 33);
	await live(t, left(folder), "nobody's");
	chownSync(left(folder), 65534, 65534);
	const before = lookAt(path);
	const skipped = `${path}: left alone ${left(folder)}, as it belongs to nobody, who owns neither the socket nor the folder`;
	const said: string[] = [];
	await restoreSocket(path, (line) => said.push(line));
	assert.deepEqual(said, [
		skipped,
		`${path}: nothing to repair, as no tap has left anything here`,
	]);
	assert.deepEqual(lookAt(path), before);
	assert.equal(await ask(left(folder)), "nobody's");

	// The application's own beside it is put back all the same.
	const own = left(folder, GONE + 1);
	const original = await live(t, own, "the application");
	chownSync(own, 33, 33);
	said.length = 0;
	await restoreSocket(path, (line) => said.push(line));
	assert.deepEqual(said, [
		skipped,
		`${path}: ${PUT_BACK.replace(String(GONE), String(GONE + 1))}`,
	]);
	assert.equal(lookAt(path)?.identity, original);
	assert.equal(await ask(left(folder)), "nobody's");
});

test("into an empty place, only what is root's, one's own or the folder's owner's is put back", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await live(t, left(folder), "the application");
	chownSync(left(folder), 33, 33);
	const said: string[] = [];
	await restoreSocket(path, (line) => said.push(line));
	assert.match(
		said[0] ?? "",
		/: left alone .*, as it belongs to www-data, who/,
	);
	assert.deepEqual(names(folder), [basename(left(folder))]);
	chownSync(folder, 33, 33);
	assert.equal(await restored(path), PUT_BACK);
	assert.deepEqual(names(folder), ["app.sock"]);
});

test("many files of others are told of in one line, and so are files that are no sockets", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	for (let i = 0; i < 3; i++) writeFileSync(left(folder, GONE + i), "");
	const before = names(folder);
	const said: string[] = [];
	await restoreSocket(path, (line) => said.push(line));
	assert.equal(
		said[0],
		`${path}: left alone ${left(folder)} (and 2 more), as it is not a socket`,
	);
	assert.equal(said.length, 2);
	assert.deepEqual(names(folder), before);
});

test("nobody is told to kill a process that is no tap", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const sleeping = spawn("sleep", ["60"], { cwd: "/" });
	t.after(() => sleeping.kill("SIGKILL"));
	// Of the last, only the user tells.
	for (const id of [1, sleeping.pid ?? 0, seemingTap(t, 33)]) {
		await dead(t, path);
		const original = await live(t, left(folder), "the application");
		renameSync(left(folder), asideOf(path, id));
		assert.match(await restored(path), /^put back/);
		assert.equal(lookAt(path)?.identity, original);
		rmSync(path);
	}
});

test("what is replaced while it is looked at is not put back", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await dead(t, path);
	await live(t, left(folder), "the application");
	const repaired = restoreSocket(path, assert.fail);
	// It waits for who listens.
	rmSync(left(folder));
	await live(t, left(folder), "another");
	const before = names(folder);
	await assert.rejects(repaired, {
		message: `${path}: was replaced just now; try again`,
	});
	assert.deepEqual(names(folder), before);
});

test("nothing to repair is said, and files of others are let be", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const nothing = "nothing to repair, as no tap has left anything here";
	assert.equal(await restored(path), nothing);
	await dead(t, path);
	await dead(t, join(folder, ".app.sock.fcgi-inspect-mine"));
	await dead(t, join(folder, `.other.sock.fcgi-inspect-${GONE}-1`));
	const before = names(folder);
	assert.equal(await restored(path), nothing);
	assert.deepEqual(names(folder), before);
	rmSync(folder, { recursive: true });
	await assert.rejects(restoreSocket(path, assert.fail), {
		code: "connection-failed",
		message: /: no such socket/,
	});
});
