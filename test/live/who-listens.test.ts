// Whether somebody listens, where the answer is not a plain yes or no.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { InPlace } from "../../src/live/in-place.js";
import { whoListens } from "../../src/live/who-listens.js";
import {
	childApplication,
	killed,
	scratch,
} from "../support/unix-application.js";
import { until } from "../support/until.js";

const SOCAT = "socat";

test("somebody, nobody, and nothing", async (t) => {
	const path = join(scratch(t), "app.sock");
	assert.equal(await whoListens(path), "missing");
	const child = await childApplication(t, path, "");
	assert.equal(await whoListens(path), "somebody");
	await killed(child);
	assert.equal(await whoListens(path), "nobody");
	writeFileSync(`${path}.file`, "");
	assert.equal(await whoListens(`${path}.file/app.sock`), "missing");
});

test("somebody who has no room for another connection still listens", async (t) => {
	const path = join(scratch(t), "app.sock");
	const child = await childApplication(t, path, "");
	child.kill("SIGSTOP");
	const waiting: Socket[] = [];
	t.after(() => {
		for (const socket of waiting) socket.destroy();
	});
	let full = false;
	// Node's applications let 511 wait.
	await until("its backlog is full", async () => {
		for (let i = 0; i < 100; i++) {
			const socket = connect(path);
			socket.once("error", (error: NodeJS.ErrnoException) => {
				full ||= error.code === "EAGAIN";
			});
			waiting.push(socket);
		}
		await new Promise(setImmediate);
		return full;
	});
	assert.equal(await whoListens(path), "somebody");
});

test("a socket that carries no streams is refused", async (t) => {
	const path = join(scratch(t), "log.sock");
	const socat = spawn(SOCAT, ["-u", `UNIX-RECV:${path}`, "STDOUT"]);
	t.after(() => socat.kill("SIGKILL"));
	await until("socat listens", () => existsSync(path));
	assert.equal(await whoListens(path), "other");
	await assert.rejects(
		new InPlace(path, assert.fail).open(() => undefined),
		{
			code: "usage",
			message: `${path}: is no stream socket, so it carries no FastCGI; name another`,
		},
	);
});
