// Getting in between in place, with real php-fpm: its restarts and reloads, its death and the tap's, and what other
// processes can see of the tap coming and going.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { InPlace } from "../../src/live/in-place.js";
import { restoreSocket } from "../../src/live/restore-socket.js";
import { looping } from "../support/looping.js";
import {
	PING,
	type Pool,
	ping,
	socketOf,
	startPhpFpm,
} from "../support/php-fpm.js";
import {
	killed,
	names,
	opened,
	relay,
	scratch,
} from "../support/unix-application.js";
import { until } from "../support/until.js";

const inode = (path: string) => lstatSync(path).ino;
const sockets = (folder: string) =>
	names(folder).filter((name) => name.includes(".sock"));

/** A folder that other users may look into. */
function pool(t: TestContext, user: Pool["user"], lines?: string[]): Pool {
	const folder = scratch(t);
	chmodSync(folder, 0o755);
	return { folder, user, ...(lines && { lines }) };
}

for (const user of ["www-data", "root"] as const) {
	test(`php-fpm of ${user}: stopped and started, reloaded, stopped at once and started`, async (t) => {
		const where = pool(t, user);
		const path = socketOf(where);
		const said: string[] = [];
		const first = await startPhpFpm(t, where);
		const entrance = await opened(t, path, said);
		assert.equal(await ping(path), "pong");

		const ours = inode(path);
		first.signal("SIGUSR2");
		await until("it has reloaded", () =>
			/using inherited socket.*ready to handle/s.test(first.log()),
		);
		assert.equal(await ping(path), "pong");
		assert.equal(inode(path), ours);
		assert.equal(said.length, 0);

		await first.end("SIGQUIT");
		await until("the stop is said", () => said.length === 1);
		assert.match(said[0] ?? "", /the socket was removed; waiting/);
		await until("nothing is left", () => sockets(where.folder).length === 0);
		const second = await startPhpFpm(t, where);
		await until("the start is said", () => said.length === 2);
		assert.match(
			said[1] ?? "",
			/made its socket anew, and the tap is in front/,
		);
		assert.equal(await ping(path), "pong");

		// Back so soon that the tap has no time to notice.
		await second.end("SIGTERM");
		const third = await startPhpFpm(t, where);
		const returns = () => said.filter((line) => line.includes("anew, and"));
		await until("it is in front again", () => returns().length === 2);
		assert.equal(await ping(path), "pong");

		const [aside = ""] = sockets(where.folder);
		const theirs = inode(join(where.folder, aside));
		await entrance.close();
		assert.equal(inode(path), theirs);
		assert.deepEqual(sockets(where.folder), ["php.sock"]);
		assert.equal(await ping(path), "pong");
		assert.doesNotMatch(third.log(), /ERROR/);
	});

	test(`php-fpm of ${user}: killed, and able to start again`, async (t) => {
		const where = pool(t, user);
		const path = socketOf(where);
		const said: string[] = [];
		const first = await startPhpFpm(t, where);
		const entrance = await opened(t, path, said);
		await first.end("SIGKILL");
		await until("its death is said", () => said.length === 1);
		assert.deepEqual(sockets(where.folder), ["php.sock"]);
		assert.equal(await ping(path), "ECONNREFUSED");

		const second = await startPhpFpm(t, where);
		assert.doesNotMatch(second.log(), /ERROR/);
		await until("the start is said", () => said.length === 2);
		assert.equal(await ping(path), "pong");
		await entrance.close();
		assert.deepEqual(sockets(where.folder), ["php.sock"]);
		assert.equal(await ping(path), "pong");
	});

	test(`php-fpm of ${user}: what a killed tap leaves is repaired by the next, or by asking for it`, async (t) => {
		const where = pool(t, user);
		const path = socketOf(where);
		await startPhpFpm(t, where);
		const original = inode(path);
		for (const repair of ["next", "restore"] as const) {
			const tap = await tapInChild(t, path);
			assert.equal(await ping(path), "pong");
			await assert.rejects(restoreSocket(path, assert.fail), {
				message: `${path}: a tap (process ${tap.pid}) is there already; stop it with: kill -INT ${tap.pid}`,
			});
			await killed(tap);
			assert.equal(await ping(path), "ECONNREFUSED");
			assert.equal(sockets(where.folder).length, 2);

			const said: string[] = [];
			if (repair === "restore") {
				await restoreSocket(path, (line) => said.push(line));
			} else {
				const entrance = await opened(t, path, said);
				assert.notEqual(inode(path), original);
				assert.equal(await ping(path), "pong");
				await entrance.close();
			}
			assert.deepEqual(said, [
				`${path}: put back what a tap that was killed (process ${tap.pid}) had moved aside`,
			]);
			assert.equal(inode(path), original);
			assert.deepEqual(sockets(where.folder), ["php.sock"]);
			assert.equal(await ping(path), "pong");
		}
	});
}

test("a tap that is killed at any moment of its coming and going leaves what can be repaired", async (t) => {
	const where = pool(t, "www-data");
	const path = socketOf(where);
	await startPhpFpm(t, where);
	const original = inode(path);
	let repaired = 0;
	for (let i = 0; i < 16; i++) {
		const tap = await tapInChild(t, path, "comes and goes");
		await setTimeout(Math.random() * 30);
		await killed(tap);
		const said: string[] = [];
		await restoreSocket(path, (line) => said.push(line));
		assert.equal(said.length, 1);
		if (!said[0]?.includes("nothing to repair")) repaired++;
		assert.equal(inode(path), original, said[0]);
		assert.deepEqual(sockets(where.folder), ["php.sock"], said[0]);
		assert.equal(await ping(path), "pong");
	}
	assert.ok(repaired > 0, "it never left anything");
});

test("php-fpm that was restarted after the tap was killed keeps its new socket", async (t) => {
	const where = pool(t, "www-data");
	const path = socketOf(where);
	const first = await startPhpFpm(t, where);
	await killed(await tapInChild(t, path));
	await first.end("SIGTERM");
	await startPhpFpm(t, where);
	const made = inode(path);
	const said: string[] = [];
	await restoreSocket(path, (line) => said.push(line));
	assert.match(
		said[0] ?? "",
		/as the application's own socket is in its place$/,
	);
	assert.equal(inode(path), made);
	assert.deepEqual(sockets(where.folder), ["php.sock"]);
	assert.equal(await ping(path), "pong");
});

test("a socket with an access control list is refused, as it could let in others", async (t) => {
	const where = pool(t, "www-data", ["listen.acl_users = nobody"]);
	const path = socketOf(where);
	await startPhpFpm(t, where);
	const before = inode(path);
	await assert.rejects(
		new InPlace(path, assert.fail).open(() => undefined),
		{
			code: "connection-failed",
			message: `${path}: has an access control list, which cannot be copied to another socket; use --listen`,
		},
	);
	assert.equal(inode(path), before);
	assert.deepEqual(sockets(where.folder), ["php.sock"]);
});

test("nobody is refused while the tap comes and goes under load", async (t) => {
	const where = pool(t, "www-data");
	const path = socketOf(where);
	const php = await startPhpFpm(t, where);
	const clients = [0, 1].map(() => looping(t, pingsInALoop(path)));
	let accepted = 0;
	for (let i = 0; i < 40; i++) {
		const entrance = new InPlace(path, assert.fail);
		const handOn = relay(entrance);
		await entrance.open((socket) => {
			accepted++;
			handOn(socket);
		});
		await setTimeout(10);
		await entrance.close();
	}
	const results = await Promise.all(clients.map((client) => client.stop()));
	for (const { rounds, faults } of results) {
		assert.deepEqual(faults, {});
		assert.ok(rounds > 100, `only ${rounds} pings`);
	}
	assert.ok(accepted > 50, `only ${accepted} pings went through the tap`);
	assert.doesNotMatch(php.log(), /ERROR/);
	assert.deepEqual(sockets(where.folder), ["php.sock"]);
});

test("a user without permission can connect at no moment, and no file is open to more than the original", async (t) => {
	const where = pool(t, "www-data");
	const path = socketOf(where);
	await startPhpFpm(t, where);
	const stranger = looping(t, triesToConnect(where.folder));
	for (let i = 0; i < 60; i++) {
		const entrance = new InPlace(path, assert.fail);
		await entrance.open(relay(entrance));
		await setTimeout(2);
		if (i % 2 === 0) await entrance.close();
		else entrance.closeNow();
	}
	const { rounds, faults } = await stranger.stop();
	assert.deepEqual(faults, {});
	assert.ok(rounds > 1000, `only ${rounds} rounds`);
	// Where it may, it does: the stranger is able to.
	chmodSync(path, 0o666);
	const welcome = looping(t, triesToConnect(where.folder));
	await until("the stranger connects", welcome.begun);
	await setTimeout(50);
	assert.notDeepEqual((await welcome.stop()).faults, {});
});

/** Runs a tap in another process, which can be killed. */
async function tapInChild(
	t: TestContext,
	path: string,
	does: "stays" | "comes and goes" = "stays",
): Promise<ChildProcess> {
	const url = (name: string) => JSON.stringify(new URL(name, import.meta.url));
	const child = spawn(
		process.execPath,
		[
			"--input-type=module",
			"-e",
			`import { InPlace } from ${url("../../src/live/in-place.js")};
			import { relay } from ${url("../support/unix-application.js")};
			let entrance = new InPlace(${JSON.stringify(path)}, () => undefined);
			await entrance.open(relay(entrance));
			console.log("open");
			while (${does === "comes and goes"}) {
				entrance.closeNow();
				entrance = new InPlace(${JSON.stringify(path)}, () => undefined);
				await entrance.open(relay(entrance));
				await new Promise((resolve) => setTimeout(resolve, 5));
			}`,
			// What taps are told by.
			"fcgi-inspect",
			"tap",
			path,
		],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	t.after(() => child.kill("SIGKILL"));
	await new Promise((resolve) => child.stdout.once("data", resolve));
	return child;
}

/** Pings again and again; anything but an answer is a fault. */
function pingsInALoop(path: string): string {
	return `const request = Buffer.from("${PING.toString("base64")}", "base64");
	const round = () => new Promise((resolve) => {
		const socket = net.connect(${JSON.stringify(path)});
		let answer = "";
		socket.on("data", (data) => { answer += data; });
		socket.on("error", (error) => { fault(error.code); resolve(); });
		socket.on("end", () => { if (!answer.includes("pong")) fault("no answer"); resolve(); });
		socket.write(request);
	});`;
}

/**
 * As a user without rights: connects to all sockets in a folder, and looks whether any of them gives anybody more than
 * php-fpm's does, which is 0660 of www-data.
 */
function triesToConnect(folder: string): string {
	return `process.setgroups([]); process.setgid(65534); process.setuid(65534);
	const folder = ${JSON.stringify(folder)};
	const round = async () => {
		for (const name of fs.readdirSync(folder)) {
			const path = folder + "/" + name;
			const file = fs.lstatSync(path, { throwIfNoEntry: false });
			if (!file?.isSocket()) continue;
			const weaker = file.uid === 33 && file.gid === 33 ? file.mode & 0o117 : file.mode & 0o777;
			if (weaker !== 0) fault(name + " has " + file.mode.toString(8) + " of " + file.uid + ":" + file.gid);
			await new Promise((resolve) => {
				const socket = net.connect(path);
				socket.on("connect", () => { fault("connected to " + name); socket.destroy(); resolve(); });
				socket.on("error", resolve);
			});
		}
	};`;
}
