// `tap` as a person runs it: in place, with a real application behind it.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { lstatSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { type App, startApp } from "../../support/apps.js";
import { BIN, run } from "../../support/cli.js";
import { temporaryFolder } from "../../support/door.js";
import { ask, encodeQuestion } from "../../support/fcgi-client.js";
import { isThere } from "../../support/processes.js";
import { startTap } from "../../support/tap.js";
import { pcapngRecords } from "../../support/tshark.js";
import { until } from "../../support/until.js";

interface Site {
	readonly app: App;
	readonly path: string;
	readonly folder: string;
	/** The socket file that the application made. */
	readonly inode: number;
}

async function site(t: TestContext): Promise<Site> {
	const folder = temporaryFolder(t);
	const path = join(folder, "app.sock");
	const app = await startApp("libfcgi", { path });
	t.after(() => app.stop());
	return { app, path, folder, inode: lstatSync(path).ino };
}

const question = ({ app }: Site, query = "") => ({
	params: app.params(query),
});

test("shows what passes, ends with Ctrl-C, and leaves the socket as it was", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path]);
	assert.match(tap.stderr(), /watching .* in place; Ctrl-C ends/);
	assert.notEqual(lstatSync(here.path).ino, here.inode);
	const answer = await ask(here.app.address, question(here, "stderr=oops"));
	assert.equal(answer.status, 200);
	await until("the request is shown", () => /END_REQUEST/.test(tap.stdout()));
	assert.match(tap.stdout(), /> GET \/libfcgi\?stderr=oops/);
	assert.match(tap.stdout(), /< ! oops/);
	assert.equal(await tap.stop(), 0);
	assert.match(
		tap.stderr(),
		/\n.*: 1 request, \d+ records on 1 connection.*; 0 open\n$/,
	);
	assert.equal(lstatSync(here.path).ino, here.inode);
	assert.equal((await ask(here.app.address, question(here))).status, 200);
});

test("a request that is open at Ctrl-C may finish, and new ones go to the application", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "-T", "requests"]);
	const slow = ask(here.app.address, question(here, "sleep=800"));
	await wait(200);
	const ended = tap.stop();
	assert.equal((await slow).status, 200);
	assert.equal(await ended, 0);
	assert.match(tap.stdout(), / 200 .* complete /);
});

test("what does not end within --grace is cut off, and a second Ctrl-C waits for nothing", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "--grace", "100ms"]);
	const cut = ask(here.app.address, question(here, "sleep=3000"));
	cut.catch(() => undefined);
	await wait(200);
	assert.equal(await tap.stop(), 0);
	assert.match(tap.stderr(), /; 1 open\n/);
	const impatient = await startTap(t, [here.path, "--grace", "1h"]);
	ask(here.app.address, question(here, "sleep=3000")).catch(() => undefined);
	await wait(200);
	impatient.child.kill("SIGINT");
	await wait(100);
	assert.equal(await impatient.stop(), 0);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

test("SIGUSR1 prints the counters, and nothing ends", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "-q"]);
	await ask(here.app.address, question(here));
	await wait(100);
	tap.child.kill("SIGUSR1");
	await until("the counters", () => /1 request, .* 0 open/.test(tap.stderr()));
	await ask(here.app.address, question(here));
	assert.equal(await tap.stop("SIGTERM"), 0);
	assert.match(tap.stderr(), /2 requests/);
	assert.equal(tap.stdout(), "");
});

test("-c ends after so many requests, and shows no more than these", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "-c", "2", "-T", "ndjson"]);
	await Promise.all(
		[1, 2, 3, 4].map(() => ask(here.app.address, question(here))),
	);
	assert.equal(await tap.ended, 0);
	const kinds = tap
		.stdout()
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line).kind);
	assert.deepEqual(kinds, ["request", "request", "summary"]);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

test("--duration ends after its time", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "--duration", "300ms"]);
	assert.equal(await tap.ended, 0);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

for (const link of ["fcgi", "tcp"]) {
	test(`-w --link ${link} writes a capture that tshark and decode read alike`, async (t) => {
		const here = await site(t);
		const file = join(here.folder, "live.pcapng");
		const tap = await startTap(t, [
			here.path,
			"-w",
			file,
			"--link",
			link,
			"-T",
			"ndjson",
			"--records",
		]);
		for (const query of ["", "size=200000", "stderr=oops"]) {
			await ask(here.app.address, question(here, query));
		}
		assert.equal(await tap.stop(), 0);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		const shown = recordsOf(tap.stdout());
		assert.ok(shown.length > 40, String(shown.length));
		const decoded = await run(["decode", "-T", "ndjson", "--records", file]);
		assert.deepEqual(recordsOf(decoded.stdout), shown);
		assert.deepEqual(
			pcapngRecords(file, link === "tcp" ? 9000 : undefined),
			shown,
		);
	});
}

/** Type, id and length of each record. */
function recordsOf(ndjson: string): string[] {
	return ndjson
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line))
		.filter(({ kind }) => kind === "record")
		.map(
			({ type, requestId, contentLength }) =>
				`${type} ${requestId} ${contentLength}`,
		);
}

test("a disk that is full is said once, and the traffic goes on", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [
		here.path,
		"-w",
		"/dev/full",
		"-T",
		"requests",
	]);
	for (let i = 0; i < 3; i++) {
		assert.equal(
			(await ask(here.app.address, question(here, "size=100000"))).status,
			200,
		);
	}
	await until(
		"three requests",
		() => tap.stdout().split("/libfcgi").length > 3,
	);
	assert.equal(await tap.stop(), 3);
	assert.equal(
		tap.stderr().match(/no space left on the device; the traffic goes on/g)
			?.length,
		1,
	);
});

test("a stdout that nobody reads any more ends the tap, unless it has another output", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path]);
	tap.child.stdout?.destroy();
	await ask(here.app.address, question(here));
	assert.equal(await tap.ended, 0);
	assert.equal(lstatSync(here.path).ino, here.inode);

	const file = join(here.folder, "live.pcapng");
	const writing = await startTap(t, [here.path, "-w", file]);
	writing.child.stdout?.destroy();
	for (let i = 0; i < 3; i++) await ask(here.app.address, question(here));
	await wait(100);
	assert.equal(writing.child.exitCode, null);
	assert.equal(await writing.stop(), 0);
	assert.equal(
		pcapngRecords(file).filter((record) => record.startsWith("3 ")).length,
		3,
	);
});

test("a reader that reads nothing stops no traffic with --lossy-view, and what it missed is counted", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "-x", "--lossy-view"], {
		unread: true,
	});
	for (let i = 0; i < 12; i++) {
		const answer = await ask(here.app.address, question(here, "size=8000000"));
		assert.equal(answer.body.length, 8_000_000);
	}
	const ended = tap.stop();
	tap.child.stdout?.resume();
	assert.equal(await ended, 0);
	assert.match(tap.stderr(), /\d+ bytes left out of the view/);
});

test("a tap that was killed is repaired by the next one", async (t) => {
	const here = await site(t);
	const killed = await startTap(t, [here.path]);
	assert.equal(await killed.stop("SIGKILL"), "SIGKILL");
	await assert.rejects(ask(here.app.address, question(here)), {
		code: "ECONNREFUSED",
	});
	const restored = await run(["tap", "--restore", here.path]);
	assert.equal(restored.code, 0, restored.stderr);
	assert.equal(lstatSync(here.path).ino, here.inode);
	const again = await startTap(t, [here.path]);
	await again.stop("SIGKILL");
	const next = await startTap(t, [here.path]);
	assert.equal((await ask(here.app.address, question(here))).status, 200);
	assert.equal(await next.stop(), 0);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

test("an application that refuses is a finding, and a reset for the web server", async (t) => {
	const folder = temporaryFolder(t);
	const behind = join(folder, "nobody.sock");
	const path = join(folder, "tap.sock");
	const tap = await startTap(t, [behind, "--listen", path, "-T", "findings"]);
	for (let i = 0; i < 3; i++) {
		const socket = connect({ path });
		const seen = new Promise((resolve) => {
			socket.once("error", (error: NodeJS.ErrnoException) =>
				resolve(error.code),
			);
			socket.once("end", () => resolve("end"));
		});
		socket.write(encodeQuestion({ params: { A: "b" } }));
		assert.match(String(await seen), /ECONNRESET|EPIPE/);
	}
	assert.equal(await tap.stop(), 0);
	assert.match(tap.stdout(), /connect-failed/);
	assert.equal(
		tap.stderr().match(/each connection is passed on as a reset/g)?.length,
		1,
	);
});

test("--listen says what to change, and how to change it back", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "--listen", "127.0.0.1:19433"]);
	await until("the lines", () => /reload/.test(tap.stderr()));
	assert.match(tap.stderr(), new RegExp(`fastcgi_pass unix:${here.path};`));
	assert.match(tap.stderr(), /to {3}fastcgi_pass 127\.0\.0\.1:19433;/);
	const answer = await ask(
		{ kind: "tcp", host: "127.0.0.1", port: 19433 },
		question(here),
	);
	assert.equal(answer.status, 200);
	await until("shown", () => tap.stdout().includes(`> ${here.path}`));
	assert.equal(await tap.stop(), 0);
	assert.match(
		tap.stderr(),
		new RegExp(`to {3}fastcgi_pass unix:${here.path};`),
	);
});

test("--listen says where nobody listens yet", async (t) => {
	const folder = temporaryFolder(t);
	for (const behind of [join(folder, "app.sock"), ":9"]) {
		const listen = join(folder, "tap.sock");
		const tap = await startTap(t, [behind, "--listen", listen]);
		await until("it is said", () => /nobody listens at/.test(tap.stderr()));
		assert.equal(await tap.stop(), 0);
	}
});

test("--spawn starts an application, and ends it", async (t) => {
	const folder = temporaryFolder(t);
	const path = join(folder, "site.sock");
	const { appCommand, appParams } = await import("../../support/apps.js");
	const command = await appCommand("libfcgi");
	const tap = await startTap(t, [
		path,
		"--spawn",
		"--workers",
		"2",
		"--",
		...command,
	]);
	await until("it listens", () => /listening on/.test(tap.stderr()));
	const answer = await ask(
		{ kind: "unix", path },
		{ params: appParams("libfcgi", "sleep=50") },
	);
	assert.equal(answer.status, 200);
	const pid = Number(answer.lines.pid);
	assert.ok(pid > 0);
	assert.equal(await tap.stop(), 0);
	assert.ok(!isThere(pid));
	assert.throws(() => lstatSync(path), { code: "ENOENT" });
});

for (const [args, message] of [
	[["9000"], /'9000' is no address/],
	[
		[":9000"],
		/only the file of a Unix socket can be taken in place; add --listen/,
	],
	[["@app"], /only the file of a Unix socket/],
	[["/tmp/a", "--workers", "2"], /--workers is for --spawn or --inherit/],
	[["/tmp/a", "--mode", "660"], /--mode is for --listen or --spawn/],
	[["/tmp/a", "--mode", "999", "--listen", "/tmp/b"], /three octal digits/],
	[["/tmp/a", "--spawn"], /application to start is missing/],
	[["/tmp/a", "--", "./app"], /to start an application takes --spawn/],
	[["/tmp/a", "--listen", "0.0.0.0:9001"], /other machines may reach/],
	[["/tmp/a", "--listen", "/tmp/a"], /the application listens there/],
	[["/tmp/a", "--duration", "soon"], /such as 500ms or 30s/],
	[["/tmp/a", "-c", "0"], /number from 1 on/],
	[["/tmp/a", "--spawn", "--inherit", "--", "x"], /cannot be used with/],
	[["/tmp/a", "--spawn", "--env", "A", "--", "x"], /NAME=VALUE/],
	[["--inherit", "--", "/bin/true"], /descriptor 0 is no listening socket/],
] as const) {
	test(`refuses tap ${args.join(" ")} in one line`, async () => {
		const { code, stderr, stdout } = await run(["tap", ...args]);
		assert.equal(code, 2, stderr);
		assert.match(stderr, message);
		assert.equal(stderr.trim().split("\n").length, 1, stderr);
		assert.equal(stdout, "");
	});
}

test("a socket that is not there is one line, and --wait waits for it", async (t) => {
	const folder = temporaryFolder(t);
	const path = join(folder, "app.sock");
	const missing = await run(["tap", path]);
	assert.equal(missing.code, 4);
	assert.match(missing.stderr, /--wait/);
	const waiting = startTap(t, [path, "--wait"]);
	const app = await startApp("libfcgi", { path });
	t.after(() => app.stop());
	const tap = await waiting;
	await until("it is there", () => /watching/.test(tap.stderr()));
	assert.equal((await ask(app.address, { params: app.params() })).status, 200);
	await until("shown", () => /END_REQUEST/.test(tap.stdout()));
	assert.equal(await tap.stop(), 0);
});

test("a tap that cannot get in leaves the file of -w as it was", async (t) => {
	const here = await site(t);
	const file = join(here.folder, "kept.pcapng");
	writeFileSync(file, "precious", { mode: 0o600 });
	assert.equal((await run(["tap", "-w", file, `${here.path}.no`])).code, 4);
	assert.equal(readFileSync(file, "utf8"), "precious");
});

test("a named pipe at -w that nobody reads holds up no end", async (t) => {
	const here = await site(t);
	const pipe = join(here.folder, "pipe");
	execFileSync("mkfifo", [pipe]);
	const tap = await startTap(t, [
		here.path,
		"-w",
		pipe,
		"--grace",
		"100ms",
		"--wait",
	]);
	const before = performance.now();
	await tap.stop();
	assert.ok(performance.now() - before < 8000);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

test("a stdout that nobody reads holds up no end, and the traffic that waits for it is told", async (t) => {
	const here = await site(t);
	const tap = await startTap(t, [here.path, "-x", "--grace", "100ms"], {
		unread: true,
	});
	const asking = Promise.allSettled(
		Array.from({ length: 12 }, () =>
			ask(here.app.address, question(here, "size=8000000")),
		),
	);
	await until("it is told", () =>
		/the traffic waits for whoever reads/.test(tap.stderr()),
	);
	const before = performance.now();
	assert.equal(await tap.stop(), 0);
	assert.ok(performance.now() - before < 8000);
	assert.equal(lstatSync(here.path).ino, here.inode);
	await asking;
});

/** What Node loads first in every thread: the view breaks down as soon as it has read something. */
const BREAKS_DOWN = `
	import { isMainThread, parentPort } from "node:worker_threads";
	if (!isMainThread) {
		parentPort.on("message", ({ kind }) => {
			if (kind === "wake") throw new Error("injected");
		});
	}
`;

test("a view that breaks down is said, the traffic goes on, and the socket is put back", async (t) => {
	const here = await site(t);
	const preload = join(here.folder, "breaks-down.mjs");
	writeFileSync(preload, BREAKS_DOWN);
	const tap = await startTap(t, [here.path], {
		env: { NODE_OPTIONS: `--import=${preload}` },
	});
	for (let i = 0; i < 20; i++) {
		const answer = await ask(here.app.address, {
			...question(here, "size=100000"),
		});
		assert.equal(answer.status, 200);
	}
	await until("the fault is said", () => /injected/.test(tap.stderr()));
	assert.match(
		tap.stderr(),
		/a fault of fcgi-inspect itself: injected; nothing is shown any more, and the traffic goes on/,
	);
	assert.equal((await ask(here.app.address, question(here))).status, 200);
	assert.equal(await tap.stop(), 3);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

/** The view stops turning as soon as it has read something; and seconds are tenths. */
const STANDS_STILL = `
	import { isMainThread, parentPort } from "node:worker_threads";
	if (isMainThread) {
		const { setInterval } = globalThis;
		globalThis.setInterval = (work, ms) => setInterval(work, ms / 10);
	} else {
		parentPort.on("message", ({ kind }) => {
			while (kind === "wake");
		});
	}
`;

test("a view that stands still is given up, and the traffic goes on", async (t) => {
	const here = await site(t);
	const preload = join(here.folder, "stands-still.mjs");
	writeFileSync(preload, STANDS_STILL);
	const tap = await startTap(t, [here.path], {
		env: { NODE_OPTIONS: `--import=${preload}` },
	});
	for (let i = 0; i < 4; i++) {
		const answer = await ask(here.app.address, question(here, "size=8000000"));
		assert.equal(answer.status, 200);
	}
	assert.match(
		tap.stderr(),
		/the view stands still since 10 s; nothing is shown any more, and the traffic goes on/,
	);
	assert.equal(await tap.stop(), 3);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

/** The view ends without a word as soon as it has read something. */
const ENDS = `
	import { isMainThread, parentPort } from "node:worker_threads";
	if (!isMainThread) {
		parentPort.on("message", ({ kind }) => {
			if (kind === "wake") process.exit(0);
		});
	}
`;

test("a view that ends by itself is said, and the traffic goes on", async (t) => {
	const here = await site(t);
	const preload = join(here.folder, "ends.mjs");
	writeFileSync(preload, ENDS);
	const tap = await startTap(t, [here.path], {
		env: { NODE_OPTIONS: `--import=${preload}` },
	});
	for (let i = 0; i < 4; i++) {
		const answer = await ask(here.app.address, question(here, "size=8000000"));
		assert.equal(answer.status, 200);
	}
	assert.match(tap.stderr(), /its view has ended; nothing is shown any more/);
	assert.equal(await tap.stop(), 3);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

/** The view waits in the system, which no thread can be called back from, as soon as it has read something. */
const WAITS_IN_THE_SYSTEM = `
	import { openSync } from "node:fs";
	import { isMainThread, parentPort } from "node:worker_threads";
	if (!isMainThread) {
		parentPort.on("message", ({ kind }) => {
			if (kind === "wake") openSync(process.env.UNREAD_PIPE, "w");
		});
	}
`;

test("a view that waits in the system holds up no end", async (t) => {
	const here = await site(t);
	const preload = join(here.folder, "waits.mjs");
	writeFileSync(preload, WAITS_IN_THE_SYSTEM);
	const pipe = join(here.folder, "pipe");
	execFileSync("mkfifo", [pipe]);
	const tap = await startTap(t, [here.path, "--grace", "100ms"], {
		env: { NODE_OPTIONS: `--import=${preload}`, UNREAD_PIPE: pipe },
	});
	await ask(here.app.address, question(here));
	await wait(100);
	tap.child.kill("SIGINT");
	tap.child.kill("SIGTERM");
	const before = performance.now();
	assert.equal(await tap.stop("SIGQUIT"), "SIGKILL");
	assert.ok(performance.now() - before < 8000);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

test("a capture is not written to a terminal", async (t) => {
	const here = await site(t);
	const { code, stderr } = await onTerminal(t, [here.path, "-w", "-"]);
	assert.equal(code, 2);
	assert.match(stderr, /-w - writes a capture to stdout, which is a terminal/);
	assert.equal(lstatSync(here.path).ino, here.inode);
});

/** Runs a tap whose stdout is a terminal. */
async function onTerminal(
	t: TestContext,
	args: readonly string[],
): Promise<{ readonly code: number | null; readonly stderr: string }> {
	const errors = join(temporaryFolder(t), "stderr");
	const words = [process.execPath, BIN, "tap", ...args];
	const command = `${words.map((word) => `'${word}'`).join(" ")} 2>'${errors}'`;
	const code = await new Promise<number | null>((resolve) => {
		execFile(
			"timeout",
			["5", "script", "-qec", command, "/dev/null"],
			(error) => resolve(error === null ? 0 : Number(error.code)),
		);
	});
	return { code, stderr: readFileSync(errors, "utf8") };
}
