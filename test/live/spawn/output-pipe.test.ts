// A pipe that programs can open by the name of their descriptor.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { outputPipe } from "../../../src/live/spawn/output-pipe.js";

test("what children write comes out, and its end with the last of them", async (context) => {
	const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-pipe-"));
	context.after(() => rmSync(folder, { recursive: true }));
	const pipe = outputPipe(folder);
	assert.ok(pipe);
	assert.deepEqual(readdirSync(folder), []);
	for (const word of ["one", "two"]) {
		const script = `echo ${word} >/dev/stdout; echo ${word} >/proc/self/fd/1; sleep 0.1`;
		spawn("sh", ["-c", script], {
			stdio: ["ignore", pipe.descriptor, "inherit"],
		});
	}
	pipe.letGo();
	const lines = (await text(pipe.reader)).split("\n").sort();
	assert.deepEqual(lines, ["", "one", "one", "two", "two"]);
});

test("without mkfifo there is none", (context) => {
	const { PATH } = process.env;
	context.after(() => {
		process.env.PATH = PATH;
	});
	process.env.PATH = "/no/such/folder";
	assert.equal(outputPipe(tmpdir()), undefined);
});
