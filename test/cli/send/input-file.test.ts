import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
	appendFileSync,
	mkdirSync,
	readFileSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readBytes, streamFrom } from "../../../src/cli/send/input-file.js";
import { FcgiInspectError } from "../../../src/errors.js";
import type { Body } from "../../../src/send/index.js";
import { temporaryFolder } from "../../support/door.js";

async function allOf(body: Body): Promise<Buffer> {
	if (Buffer.isBuffer(body)) return body;
	const pieces: Buffer[] = [];
	for await (const piece of body) pieces.push(piece);
	return Buffer.concat(pieces);
}

function fileOf(t: TestContext, bytes: string): string {
	const file = join(temporaryFolder(t), "file");
	writeFileSync(file, bytes);
	return file;
}

/** Whoever writes to a named pipe. */
function writing(t: TestContext, pipe: string, script: string): void {
	execFileSync("mkfifo", [pipe]);
	const child = spawn("sh", ["-c", `exec >"$0"; ${script}`, pipe], {
		stdio: "ignore",
		detached: true,
	});
	t.after(() => process.kill(-(child.pid as number), "SIGKILL"));
}

test("a file is sent as it was announced, however it grows, and as often as wanted", async (t) => {
	const file = fileOf(t, "hello");
	const { body, facts } = await streamFrom(file);
	appendFileSync(file, " and more");
	assert.equal(facts.length, 5);
	assert.equal(String(await allOf(body)), "hello");
	assert.equal(String(await allOf(body)), "hello");
});

test("a file that has become shorter is told of", async (t) => {
	const file = fileOf(t, "hello");
	const { body } = await streamFrom(file);
	truncateSync(file, 2);
	await assert.rejects(allOf(body), {
		code: "unreadable-input",
		message: `${file}: it has become shorter: 2 of 5 bytes are there`,
	});
});

test("the length of a short pipe is known, and nothing of it is lost", async (t) => {
	const pipe = join(temporaryFolder(t), "pipe");
	writing(t, pipe, "printf hello; sleep 0.1; printf ' world'");
	const { body, facts, pipe: rest } = await streamFrom(pipe);
	assert.equal(facts.length, 11);
	assert.equal(String(await allOf(body)), "hello world");
	assert.equal(rest, undefined);
});

test("a pipe that goes on has no length, and can be given up while nothing comes", async (t) => {
	const path = join(temporaryFolder(t), "pipe");
	writing(t, path, "head -c 9000000 /dev/zero; sleep 60");
	const { body, facts, pipe } = await streamFrom(path);
	assert.equal(facts.length, undefined);
	let length = 0;
	const all = (async () => {
		for await (const piece of body as AsyncIterable<Buffer>) {
			length += piece.length;
			if (length === 9_000_000) setImmediate(() => pipe?.destroy());
		}
	})();
	await assert.rejects(all);
	assert.equal(length, 9_000_000);
});

test("what has bytes and no length is read first", async () => {
	const { body, facts } = await streamFrom("/proc/version");
	const version = readFileSync("/proc/version");
	assert.deepEqual(await allOf(body), version);
	assert.equal(facts.length, version.length);
});

test("a folder and what is missing are refused before anything is sent", async (t) => {
	const folder = temporaryFolder(t);
	mkdirSync(join(folder, "in it"));
	for (const [path, reason] of [
		[folder, "is a directory"],
		[join(folder, "no"), "no such file"],
	]) {
		await assert.rejects(streamFrom(path as string), {
			code: "usage",
			message: `${path}: ${reason}`,
		});
	}
});

test("what never ends is read up to a limit, and one byte more", () => {
	assert.equal(readBytes("/dev/zero", 1_000_000).length, 1_000_001);
	assert.equal(readBytes("/dev/null", 10).length, 0);
	assert.throws(() => readBytes("/nowhere", 10), FcgiInspectError);
});
