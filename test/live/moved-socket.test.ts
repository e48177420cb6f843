// The files of a socket that is moved aside: file systems without hard links, failures half way, and what Node removes
// when a server closes.

import assert from "node:assert/strict";
import fs, {
	chmodSync,
	lstatSync,
	readdirSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { asideName } from "../../src/live/left-aside.js";
import { MovedSocket } from "../../src/live/moved-socket.js";
import { lookAt, type SocketFile } from "../../src/live/socket-file.js";
import { SocketPlace } from "../../src/live/socket-place.js";
import {
	application,
	asideOf,
	ask,
	names,
	scratch,
	seemingTap,
} from "../support/unix-application.js";

/** An application, and a server to put in its place. */
async function prepared(t: TestContext) {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	await application(t, path, "the application");
	const server = createServer((socket) => socket.end("the tap"));
	t.after(() => server.close());
	const place = new SocketPlace(path);
	const seen = lookAt(path) as SocketFile;
	return { folder, path, server, place, seen };
}

/** Lets calls of a function of node:fs fail until the end of the test. */
function failing(
	t: TestContext,
	name: "linkSync" | "renameSync" | "chownSync",
	code: string,
	fails: (from: string) => boolean = () => true,
): void {
	const real = fs[name] as (...parameters: unknown[]) => void;
	const mock = t.mock.method(fs, name, (...parameters: unknown[]) => {
		if (fails(String(parameters[0]))) {
			throw Object.assign(new Error(code), { code });
		}
		real.apply(fs, parameters);
	});
	syncBuiltinESMExports();
	t.after(() => {
		mock.mock.restore();
		syncBuiltinESMExports();
	});
}

test("Node removes the temporary name that it bound, and so nothing", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	const moved = await MovedSocket.move(place, server, seen);
	assert.equal(await ask(path), "the tap");
	const meanwhile = names(folder);
	assert.deepEqual(meanwhile, [moved.aside, "app.sock"]);
	await new Promise((resolve) => server.close(resolve));
	assert.deepEqual(names(folder), meanwhile);
	assert.equal(moved.standing(), "ours");
	assert.equal(moved.putBack(), "put-back");
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(lookAt(path)?.identity, seen.identity);
	assert.equal(await ask(path), "the application");
});

for (const code of ["EPERM", "EOPNOTSUPP"]) {
	test(`where link() says ${code}, two renames do`, async (t) => {
		const { folder, path, server, place, seen } = await prepared(t);
		failing(t, "linkSync", code);
		const moved = await MovedSocket.move(place, server, seen);
		assert.equal(await ask(path), "the tap");
		assert.deepEqual(names(folder), [moved.aside, "app.sock"]);
		assert.equal(moved.putBack(), "put-back");
		assert.deepEqual(names(folder), ["app.sock"]);
		assert.equal(lookAt(path)?.identity, seen.identity);
	});
}

const FAILURES = {
	"link()": ["linkSync", "EROFS", /read-only file system/],
	"chown()": ["chownSync", "EPERM", /belongs to root, and only root can make/],
	"rename()": ["renameSync", "EACCES", /no permission to write in/],
	"anything unforeseen": ["renameSync", "EIO", /cannot get in between \(EIO\)/],
} as const;

for (const [what, [name, code, message]] of Object.entries(FAILURES)) {
	test(`where ${what} says ${code}, everything is as it was`, async (t) => {
		const { folder, path, server, place, seen } = await prepared(t);
		// Some other owner, so that it has to be changed.
		fs.chownSync(path, 33, 33);
		fs.chownSync(path, 0, 33);
		failing(t, name, code);
		await assert.rejects(MovedSocket.move(place, server, seen), {
			code: "connection-failed",
			message,
		});
		assert.deepEqual(names(folder), ["app.sock"]);
		assert.equal(lookAt(path)?.identity, seen.identity);
		assert.equal(await ask(path), "the application");
		assert.equal(server.listening, false);
	});
}

test("where the second of two renames fails, the first is undone", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	failing(t, "linkSync", "EPERM");
	failing(t, "renameSync", "EIO", (from) => /\.new\d+$/.test(from));
	await assert.rejects(MovedSocket.move(place, server, seen), /EIO/);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(lookAt(path)?.identity, seen.identity);
	assert.equal(await ask(path), "the application");
});

test("a socket that is replaced in that moment is left alone", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	fs.rmSync(path);
	await application(t, path, "another");
	await assert.rejects(MovedSocket.move(place, server, seen), {
		message: `${path}: was replaced just now; try again`,
	});
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(await ask(path), "another");
});

test("of two taps that begin at once, the later one withdraws", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	// What another process has done by then.
	const id = seemingTap(t);
	const other = asideOf(path, id);
	fs.linkSync(path, other);
	await assert.rejects(MovedSocket.move(place, server, seen), {
		message: `${path}: a tap (process ${id}) is there already; stop it with: kill -INT ${id}`,
	});
	fs.rmSync(other);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(lookAt(path)?.identity, seen.identity);
});

test("of two taps that begin at once without hard links, the later one withdraws, whoever the application belongs to", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	await application(t, `${path}.x`, "the application's own");
	const other = asideOf(path, seemingTap(t, 33));
	fs.renameSync(`${path}.x`, other);
	fs.chownSync(other, 33, 33);
	fs.chownSync(path, 33, 33);
	failing(t, "linkSync", "EPERM");
	await assert.rejects(
		MovedSocket.move(place, server, seen),
		/: a tap \(process \d+\) is there already/,
	);
	fs.rmSync(other);
	assert.deepEqual(names(folder), ["app.sock"]);
	assert.equal(lookAt(path)?.identity, seen.identity);
});

test("a name beside the socket that is taken is not overwritten", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	const taken = join(folder, asideName("app.sock"));
	writeFileSync(taken, "somebody's");
	await assert.rejects(MovedSocket.move(place, server, seen), {
		message: `${path}: cannot get in between (EEXIST); use --listen`,
	});
	assert.equal(readdirSync(folder).length, 2);
	assert.ok(lstatSync(taken).isFile());
	assert.equal(lookAt(path)?.identity, seen.identity);
});

test("a link in the place of the application's socket gives nobody the file that it leads to", async (t) => {
	const { folder, path, server, place, seen } = await prepared(t);
	const file = join(scratch(t), "file");
	writeFileSync(file, "of root", { mode: 0o600 });
	const before = lookAt(file);
	const moved = await MovedSocket.move(place, server, seen);
	unlinkSync(join(folder, moved.aside));
	symlinkSync(file, join(folder, moved.aside));
	chmodSync(path, 0o666);
	assert.equal(moved.putBack(), "lost");
	assert.deepEqual(lookAt(file), before);
});
