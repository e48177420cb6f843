// A tap under load: nothing is refused, nothing is lost, and all of it is in the capture.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../support/cli.js";
import { temporaryFolder } from "../../support/door.js";
import {
	buildLoad,
	openDescriptors,
	residentMegabytes,
	stopped,
} from "../../support/tap-load.js";
import { until } from "../../support/until.js";

test("100,000 requests on 500 connections at once: none lost, all written, memory bounded", async (t) => {
	const folder = temporaryFolder(t);
	const load = await buildLoad(folder);
	t.after(() => load.stop());
	const app = await load.app("app", 1000);
	const file = join(folder, "load.pcapng");
	const { path, child } = await load.tap("tap", app, ["-q", "-w", file]);
	const asked = await load.ask(path, {
		requests: 100_000,
		connections: 500,
		keep: true,
	});
	assert.equal(asked.failed, 0);
	const memory = residentMegabytes(child.pid);
	assert.ok(memory < 400, `${memory} MB`);
	await stopped(child);
	assert.equal(child.exitCode, 0);
	assert.ok(statSync(file).size > 100_000_000);
	const { stdout } = await run([
		"decode",
		"-T",
		"ndjson",
		"--no-findings",
		file,
	]);
	const summary = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
	assert.equal(summary.requests, 100_000);
	assert.equal(summary.connections, 500);
	assert.equal(summary.records, 700_000);
	assert.equal(summary.skippedBytes + summary.missingBytes, 0);
});

test("2,000 connections one after the other leave nothing behind", async (t) => {
	const folder = temporaryFolder(t);
	const load = await buildLoad(folder);
	t.after(() => load.stop());
	const app = await load.app("app", 1000);
	const { path, child } = await load.tap("tap", app, ["-T", "requests"]);
	const fresh = { connections: 4, keep: false };
	assert.equal((await load.ask(path, { requests: 1000, ...fresh })).failed, 0);
	const before = residentMegabytes(child.pid);
	const descriptors = openDescriptors(child.pid);
	assert.equal((await load.ask(path, { requests: 2000, ...fresh })).failed, 0);
	const more = residentMegabytes(child.pid) - before;
	assert.ok(more < 60, `${more} MB more`);
	await until("all connections are closed", () => {
		return openDescriptors(child.pid) <= descriptors;
	});
});
