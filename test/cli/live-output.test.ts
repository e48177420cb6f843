// Text that goes out without anybody waiting for it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { LiveOutput } from "../../src/cli/live-output.js";
import { temporaryFolder } from "../support/door.js";

/** A pipe whose reader waits before it reads, and the end to write to. */
async function slowPipe(t: TestContext, read: string) {
	const folder = temporaryFolder(t);
	const path = join(folder, "pipe");
	const made = spawn("mkfifo", [path]);
	await once(made, "exit");
	const reader = spawn("sh", ["-c", `exec < "$1"; ${read}`, "sh", path]);
	const out: Buffer[] = [];
	reader.stdout.on("data", (bytes) => out.push(bytes));
	const closed = once(reader, "close");
	const fd = openSync(path, "w");
	t.after(() => closeSync(fd));
	return { fd, text: () => Buffer.concat(out).toString(), closed, reader };
}

test("a reader that waits does not stop the program, and gets all in order", async (t) => {
	const { fd, text, reader } = await slowPipe(t, "sleep 0.4; cat");
	const output = new LiveOutput(fd, assert.fail);
	const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i} ä\n`);
	const before = performance.now();
	for (const line of lines) output.add(line);
	let turns = 0;
	const ticking = setInterval(() => turns++, 5);
	assert.ok(performance.now() - before < 300, "adding does not wait");
	assert.equal(output.full, true);
	assert.equal(output.idle, false);
	await output.flush();
	assert.equal(output.full, false);
	await output.end();
	clearInterval(ticking);
	assert.ok(turns > 20, `the program went on meanwhile: ${turns}`);
	await wait(100);
	reader.kill();
	assert.equal(text(), lines.join(""));
});

test("a reader that has left is told once, and nothing waits for it", async (t) => {
	const { fd, closed } = await slowPipe(t, "exit 0");
	await closed;
	const refusals: (string | undefined)[] = [];
	const output = new LiveOutput(fd, ({ code }) => refusals.push(code));
	output.add("a");
	await output.flush();
	output.add("b".repeat(1_000_000));
	await output.flush();
	await output.end();
	assert.deepEqual(refusals, ["EPIPE"]);
});

test("a file gets what was added, from where it stands", async (t) => {
	const path = join(temporaryFolder(t), "log");
	const fd = openSync(path, "w");
	const output = new LiveOutput(fd, assert.fail);
	output.add("one\n");
	await output.flush();
	output.add("two\n");
	await output.end();
	closeSync(fd);
	assert.equal(readFileSync(path, "utf8"), "one\ntwo\n");
});
