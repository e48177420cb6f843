// The lines of listening sockets, in the list that the system itself keeps.

import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { ListeningLine } from "../../src/live/listening-line.js";
import { SocketPlace } from "../../src/live/socket-place.js";
import {
	application,
	childApplication,
	killed,
	scratch,
} from "../support/unix-application.js";
import { until } from "../support/until.js";

test("a line stands as long as somebody listens", async (t) => {
	const path = join(scratch(t), "ünïx app.sock");
	const child = await childApplication(t, path, "");
	const line = ListeningLine.of(new SocketPlace(path));
	assert.equal(line?.stands(), true);
	await killed(child);
	await until("it is seen to be gone", () => line?.stands() === false);
});

test("a line is found among many, and stands among more", async (t) => {
	const path = join(scratch(t), "app.sock");
	const server = createServer((socket) => t.after(() => socket.destroy()));
	await new Promise<void>((resolve) =>
		server.listen({ path, backlog: 1000 }, () => resolve()),
	);
	t.after(() => server.close());
	const line = ListeningLine.of(new SocketPlace(path));
	for (let i = 0; i < 300; i++) {
		const socket = connect(path);
		t.after(() => socket.destroy());
	}
	for (let i = 0; i < 5; i++) {
		await setTimeout(50);
		assert.equal(line?.stands(), true);
	}
});

test("another name of the folder is no other path; another name of the socket is", async (t) => {
	const folder = scratch(t);
	mkdirSync(join(folder, "run"));
	symlinkSync("run", join(folder, "var"));
	await application(t, join(folder, "var/app.sock"), "");
	const line = ListeningLine.of(new SocketPlace(join(folder, "run/app.sock")));
	assert.equal(line?.stands(), true);
	renameSync(join(folder, "run/app.sock"), join(folder, "run/new.sock"));
	const place = new SocketPlace(join(folder, "run/new.sock"));
	assert.equal(ListeningLine.of(place), undefined);
});
