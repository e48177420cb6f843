// Which processes are taken for taps that run.

import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { type TestContext, test } from "node:test";
import { startOf, tapProcess } from "../../src/live/tap-process.js";
import * as truth from "../support/unix-application.js";

const ROOT = new Set([0]);

/** Hides from this process what the system says of all others, as proc does that is mounted with hidepid (proc(5)). */
function hideProcesses(t: TestContext): void {
	const real = fs.readFileSync as (...parameters: unknown[]) => unknown;
	const mock = t.mock.method(fs, "readFileSync", (...parameters: unknown[]) => {
		if (String(parameters[0]).startsWith("/proc/")) {
			throw Object.assign(new Error("EACCES"), { code: "EACCES" });
		}
		return real.apply(fs, parameters);
	});
	syncBuiltinESMExports();
	t.after(() => {
		mock.mock.restore();
		syncBuiltinESMExports();
	});
}

test("a tap is one of those users', was started then, and has its name", (t) => {
	const id = truth.seemingTap(t, 33);
	const ticks = truth.startOf(id);
	assert.equal(startOf(id), ticks);
	assert.equal(tapProcess(id, ticks, new Set([33])), "runs");
	assert.equal(tapProcess(id, ticks, ROOT), "gone");
	assert.equal(tapProcess(id, ticks + 1, new Set([33])), "gone");
	assert.equal(tapProcess(1, truth.startOf(1), ROOT), "gone");
});

test("this process is one, whatever its name", () => {
	const { pid } = process;
	assert.equal(tapProcess(pid, truth.startOf(pid), ROOT), "runs");
	assert.equal(tapProcess(pid, truth.startOf(pid) - 1, ROOT), "gone");
});

test("of a process that is hidden it is not known, unless it is the first", (t) => {
	const id = truth.seemingTap(t);
	const ticks = truth.startOf(id);
	hideProcesses(t);
	assert.equal(tapProcess(id, ticks, ROOT), "unseen");
	assert.equal(tapProcess(1, 0, ROOT), "gone");
	assert.equal(tapProcess(4194305, 1, ROOT), "gone");
});
