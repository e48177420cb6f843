// Getting in between in place, with applications of Node: what is moved, what is put back, and what is refused.
// in-place-restart.test.ts has what becomes of restarts, in-place-php-fpm.test.ts real php-fpm.

import assert from "node:assert/strict";
import {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { InPlace } from "../../src/live/in-place.js";
import {
	application,
	ask,
	childApplication,
	killed,
	names,
	opened,
	relay,
	scratch,
} from "../support/unix-application.js";
import { until } from "../support/until.js";

const inode = (path: string) => lstatSync(path).ino;

/** Accepts where nobody is to come. */
const nobody = () => assert.fail("somebody came");

test("the socket is moved aside, looks the same, and is put back as the one it was", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	chownSync(path, 33, 34);
	chmodSync(path, 0o620);
	const before = lstatSync(path);

	const entrance = new InPlace(path, assert.fail);
	let accepted = 0;
	const handOn = relay(entrance);
	await entrance.open((socket) => {
		accepted++;
		handOn(socket);
	});
	const meanwhile = lstatSync(path);
	assert.notEqual(meanwhile.ino, before.ino);
	assert.deepEqual(
		[meanwhile.mode, meanwhile.uid, meanwhile.gid],
		[before.mode, 33, 34],
	);
	assert.equal(names(folder).length, 2);
	assert.match(
		names(folder)[0] ?? "",
		new RegExp(`^\\.app\\.sock\\.fcgi-inspect-${process.pid}-\\d+$`),
	);
	assert.equal(await ask(path), "the application");
	assert.equal(accepted, 1);

	await entrance.close();
	assert.deepEqual(names(folder), ["app.sock"]);
	const after = lstatSync(path);
	assert.deepEqual(
		[after.ino, after.mode, after.uid, after.gid],
		[before.ino, before.mode, 33, 34],
	);
	assert.equal(await ask(path), "the application");
	assert.equal(accepted, 1);
});

test("connections from before go on while the tap comes and goes", async (t) => {
	const path = join(scratch(t), "app.sock");
	const server = await application(t, path, "hello");
	server.on("connection", (socket: Socket) => socket.pipe(socket));
	const old = connect(path);
	const heard: string[] = [];
	old.setEncoding("utf8").on("data", (text: string) => heard.push(text));
	await until("the greeting", () => heard.join("") === "hello");
	const entrance = await opened(t, path);
	old.write(" one");
	await until("an answer meanwhile", () => heard.join("") === "hello one");
	await entrance.close();
	old.write(" two");
	await until("an answer after", () => heard.join("") === "hello one two");
	old.destroy();
});

test("who waits at the door when the tap leaves is still let in", async (t) => {
	const path = join(scratch(t), "app.sock");
	await application(t, path, "the application");
	const entrance = await opened(t, path);
	// Connected by the system, and seen by the tap in a later turn only.
	const asked = Array.from({ length: 200 }, () => ask(path));
	await entrance.close();
	assert.deepEqual(
		new Set(await Promise.all(asked)),
		new Set(["the application"]),
	);
});

test("leaving at once puts the socket back before anything else happens", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	const before = inode(path);
	const entrance = await opened(t, path);
	entrance.closeNow();
	assert.equal(inode(path), before);
	assert.deepEqual(names(folder), ["app.sock"]);
	entrance.closeNow();
	await entrance.close();
	assert.equal(inode(path), before);
});

test("a path through symbolic links is followed to the socket itself", async (t) => {
	const folder = scratch(t);
	mkdirSync(join(folder, "run"));
	symlinkSync("run", join(folder, "var"));
	symlinkSync(join(folder, "var/app.sock"), join(folder, "link.sock"));
	const path = join(folder, "run/app.sock");
	await application(t, path, "the application");
	const before = inode(path);
	const entrance = await opened(t, join(folder, "link.sock"));
	assert.equal(await ask(join(folder, "link.sock")), "the application");
	assert.notEqual(inode(path), before);
	assert.ok(lstatSync(join(folder, "link.sock")).isSymbolicLink());
	await entrance.close();
	assert.equal(inode(path), before);
	assert.deepEqual(names(join(folder, "run")), ["app.sock"]);
});

test("a path of 107 bytes leaves room enough", async (t) => {
	const folder = scratch(t);
	const deep = join(folder, "d".repeat(107 - folder.length - 10));
	mkdirSync(deep);
	const path = join(deep, "app.sock");
	assert.equal(path.length, 107);
	await application(t, path, "the application");
	const entrance = await opened(t, path);
	assert.equal(names(deep).length, 2);
	assert.equal(await ask(path), "the application");
	await entrance.close();
	assert.deepEqual(names(deep), ["app.sock"]);
	assert.equal(await ask(path), "the application");
});

test("a second tap is refused, and says how to stop the first", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	const first = await opened(t, path);
	await assert.rejects(new InPlace(path, assert.fail).open(nobody), {
		code: "connection-failed",
		message: `${path}: a tap (process ${process.pid}) is there already; stop it with: kill -INT ${process.pid}`,
	});
	assert.equal(await ask(path), "the application");
	await first.close();
	assert.deepEqual(names(folder), ["app.sock"]);
});

/** Opens an entrance as another user, whom the folder does not belong to. */
async function openedAs(user: number, path: string): Promise<void> {
	const entrance = new InPlace(path, assert.fail);
	process.setegid?.(user);
	process.seteuid?.(user);
	try {
		await entrance.open(nobody);
	} finally {
		process.seteuid?.(0);
		process.setegid?.(0);
		await entrance.close();
	}
}

test("what cannot be done is refused in one line with the way out, and nothing is left behind", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const attempt = (name: string) =>
		(async () => new InPlace(join(folder, name), assert.fail).open(nobody))();
	const refusals = async (
		name: string,
		code: string,
		message: RegExp,
	): Promise<void> => {
		const before = names(folder);
		await assert.rejects(attempt(name), { code, message });
		assert.deepEqual(names(folder), before);
	};
	await refusals(
		"none.sock",
		"connection-failed",
		/none\.sock: no such socket; --wait waits until it is there$/,
	);
	await refusals(
		"no/folder.sock",
		"connection-failed",
		/: no such socket; --w/,
	);
	symlinkSync("loop", join(folder, "loop"));
	await refusals(
		"loop",
		"connection-failed",
		/: cannot get in between \(ELOOP/,
	);
	writeFileSync(join(folder, "file"), "");
	await refusals("file", "usage", /: is not a socket; name the one that/);
	await refusals("file/app.sock", "connection-failed", /: no such socket/);
	mkdirSync(join(folder, "folder"));
	await refusals("folder", "usage", /: is a folder; name the socket in it$/);
	const child = await childApplication(t, path, "the application");
	await killed(child);
	await refusals(
		"app.sock",
		"connection-failed",
		/app\.sock: nobody listens at this socket; start the application, or --wait/,
	);
});

test("a user without the right to is told who has it", async (t) => {
	const folder = scratch(t);
	chmodSync(folder, 0o755);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	const refused = async (message: RegExp) => {
		const before = lstatSync(path);
		await assert.rejects(openedAs(33, path), {
			code: "connection-failed",
			message,
		});
		assert.deepEqual(names(folder), ["app.sock"]);
		assert.equal(lstatSync(path).ino, before.ino);
	};
	chmodSync(path, 0o660);
	await refused(
		/: no permission to connect to this socket of root; run as root$/,
	);
	chmodSync(path, 0o666);
	await refused(
		/: no permission to write in .*, where the socket is moved aside; run as root, or use --listen$/,
	);
	chmodSync(folder, 0o777);
	await refused(
		/: belongs to root, and only root can make one with the same permissions; run as root, or use --listen$/,
	);
	chownSync(path, 65534, 65534);
	chmodSync(folder, 0o1777);
	await refused(/: belongs to nobody, and only nobody or root can make one/);
	// Its own socket in its own folder needs no rights at all.
	chmodSync(folder, 0o755);
	chownSync(folder, 33, 33);
	chownSync(path, 33, 33);
	await openedAs(33, path);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "the application");
});

for (const length of [41, 60, 77]) {
	test(`a socket whose name has ${length} bytes is taken, and put back`, async (t) => {
		const folder = scratch(t);
		const path = join(folder, "a".repeat(length));
		await application(t, path, "the application");
		const before = inode(path);
		const entrance = new InPlace(path, assert.fail);
		await entrance.open(relay(entrance));
		assert.notEqual(inode(path), before);
		assert.equal(await ask(path), "the application");
		await entrance.close();
		assert.equal(inode(path), before);
		assert.equal(names(folder).length, 1);
	});
}
