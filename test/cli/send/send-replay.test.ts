// `send --replay` as a person runs it: sessions recorded of real applications, replayed against them and against others.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openCapture } from "../../../src/capture/open-capture.js";
import { RecordDecoder } from "../../../src/fastcgi/record-decoder.js";
import { formatAddress } from "../../../src/live/address.js";
import { textWidth } from "../../../src/render/width.js";
import {
	APPS,
	type App,
	type AppName,
	appParams,
	startApp,
} from "../../support/apps.js";
import { BIN, CAPTURES, type Run, run } from "../../support/cli.js";
import { bytesOf } from "../../support/conversation.js";
import { temporaryFolder } from "../../support/door.js";
import { socketOf, startPhpFpm } from "../../support/php-fpm.js";
import { startTap } from "../../support/tap.js";
import { until } from "../../support/until.js";

async function started(t: TestContext, name: AppName): Promise<App> {
	const app = await startApp(name);
	t.after(() => app.stop());
	return app;
}

function paramsOf(app: App, query: string): readonly string[] {
	const params = { ...app.params(query), SERVER_NAME: "a", SERVER_PORT: "80" };
	return Object.entries(params).flatMap(([name, value]) => [
		"-P",
		`${name}=${value}`,
	]);
}

/** Records what `send` is told, each by a run of its own, through a tap; the file. */
async function session(
	t: TestContext,
	app: App,
	asked: readonly (readonly [query: string, ...args: string[]])[],
): Promise<string> {
	const folder = temporaryFolder(t);
	const file = join(folder, "session.pcapng");
	const listen = join(folder, "tap.sock");
	const address = formatAddress(app.address);
	const tap = await startTap(t, [
		...[address, "--listen", listen, "-w", file, "-q"],
	]);
	await until("the tap listens", () => /listening/.test(tap.stderr()));
	for (const [query, ...args] of asked) {
		const params = paramsOf(app, query);
		await run(["send", "--to", listen, ...params, "-q", ...args]);
	}
	await tap.stop();
	return file;
}

/** Records one run of `send`; the file. */
async function recorded(
	t: TestContext,
	app: App,
	query: string,
	...args: readonly string[]
): Promise<string> {
	const file = join(temporaryFolder(t), "recorded.pcapng");
	const to = ["--to", formatAddress(app.address)];
	const { stderr } = await run([
		...["send", ...to, ...paramsOf(app, query), "-q", "-w", file, ...args],
	]);
	assert.doesNotMatch(stderr, /cannot|refused/);
	return file;
}

function replay(app: App, file: string, ...args: string[]): Promise<Run> {
	const to = ["--to", formatAddress(app.address)];
	return run(["send", ...to, "--replay", file, ...args]);
}

/** A copy of a recording in which some bytes, the first of their kind, are others. */
function planted(file: string, bytes: string, others: string): string {
	const copy = Buffer.from(readFileSync(file));
	const at = copy.indexOf(bytes);
	assert.ok(at > 0, `no ${bytes} in the recording`);
	assert.equal(copy.write(others, at, "latin1"), bytes.length);
	const path = `${file}.planted`;
	writeFileSync(path, copy);
	return path;
}

for (const name of APPS) {
	test(`a session with ${name} has no difference with itself, and a planted one is found`, async (t) => {
		const app = await started(t, name);
		const file = await session(t, app, [
			["size=100"],
			["size=100000"],
			["size=0", "--padding", "5"],
			["echo=1", "-P", "REQUEST_METHOD=POST", "-d", "a body"],
		]);
		const same = await replay(app, file);
		assert.equal(same.code, 0, same.stdout + same.stderr);
		assert.match(
			same.stderr,
			/^fcgi-inspect: 4 requests replayed: 4 same, 0 different\n$/,
		);
		assert.equal(same.stdout.match(/ same /g)?.length, 4);
		const body = planted(file, "xxxxxxxxxx", "xxxxYxxxxx");
		const other = await replay(app, body);
		assert.equal(other.code, 1, other.stderr);
		assert.match(
			other.stdout,
			/^ +1 .* different .*\n +body from byte 4 on: "Yx+" in the recording, "x+" now$/m,
		);
		assert.match(other.stderr, /4 requests replayed: 3 same, 1 different/);
	});
}

test("planted differences of each kind are found by their names", async (t) => {
	const app = await started(t, "libfcgi");
	const file = await session(t, app, [["size=10&stderr=oops&status=3"]]);
	const differences = async (path: string, ...args: string[]) => {
		const { code, stdout } = await replay(app, path, "-T", "ndjson", ...args);
		const [comparison, summary] = stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		assert.equal(summary.kind, "replaySummary");
		assert.equal(code, comparison.outcome === "same" ? 0 : 1);
		return comparison.differences;
	};
	assert.deepEqual(await differences(file), []);
	assert.deepEqual(await differences(planted(file, "oops\n", "oopS\n")), [
		{
			kind: "stderr",
			at: 3,
			recorded: { text: "S\n" },
			replayed: { text: "s\n" },
			recordedBytes: 5,
			replayedBytes: 5,
		},
	]);
	assert.deepEqual(
		await differences(file, "-P", "QUERY_STRING=size=10&stderr=oops&status=7"),
		[{ kind: "appStatus", recorded: 3, replayed: 7 }],
	);
	assert.deepEqual(
		await differences(
			planted(file, "Content-Type: text/plain", "Status: 299\r\nX: y\r\nZ: zz"),
		),
		[
			{ kind: "status", recorded: 299, replayed: 200 },
			{ kind: "header", name: "X", recorded: "y" },
			{ kind: "header", name: "Z", recorded: "zz" },
			{ kind: "header", name: "Content-Type", replayed: "text/plain" },
		],
	);
	const ignored = ["x", "z", "content-type"].flatMap((name) => [
		"--ignore-header",
		name,
	]);
	assert.deepEqual(
		await differences(
			planted(file, "Content-Type: text/plain", "Status: 200\r\nX: y\r\nZ: zz"),
			...ignored,
		),
		[],
	);
});

/** An application that keeps what it is sent, and ends each request when its STDIN has ended. */
async function keeper(
	t: TestContext,
	answer: (id: number) => string,
	closes: "when asked to" | "never closes" | "always closes" = "when asked to",
) {
	const received: Buffer[][] = [];
	const server = createServer((socket) => {
		const bytes: Buffer[] = [];
		received.push(bytes);
		const decoder = new RecordDecoder();
		let keep = false;
		socket.on("error", () => undefined);
		socket.on("data", (piece) => {
			bytes.push(piece);
			for (const record of decoder.push(piece)) {
				if (record.kind === "beginRequest") {
					keep = record.body?.keepConn === true;
				}
				if (record.kind !== "stdin" || record.contentLength > 0) continue;
				const said = answer(record.requestId);
				if (said === "") continue;
				const keeps =
					closes === "when asked to" ? keep : closes === "never closes";
				if (keeps) socket.write(bytesOf(said));
				else socket.end(bytesOf(said));
			}
		});
	});
	const path = join(temporaryFolder(t), "app.sock");
	await new Promise<void>((resolve) => server.listen({ path }, resolve));
	t.after(() => server.close());
	return {
		path,
		/** What came on each connection, in hex, in order of their bytes. */
		connections: () =>
			received.map((pieces) => Buffer.concat(pieces).toString("hex")).sort(),
	};
}

const COMPLETE = (id: number) =>
	`{FCGI_END_REQUEST, ${id}, {0, FCGI_REQUEST_COMPLETE}}`;

/** What the web server said on each connection of a capture, in hex. */
async function saidIn(path: string): Promise<readonly string[]> {
	const said = new Map<number, Buffer[]>();
	for await (const chunks of await openCapture(path)) {
		for (const { connection, from, bytes } of chunks) {
			if (from !== "webServer") continue;
			const pieces = said.get(connection.number) ?? [];
			said.set(connection.number, [...pieces, Buffer.from(bytes)]);
		}
	}
	return [...said.values()]
		.map((pieces) => Buffer.concat(pieces).toString("hex"))
		.sort();
}

for (const file of [
	"05-nginx-fpm-keepalive.pcap",
	"04-nginx-fpm-long-params.pcap",
	"09-apache-fpm.pcap",
	"23-nginx-keepalive-libfcgi.pcap",
]) {
	test(`${file}: every byte arrives as it was recorded, on as many connections`, async (t) => {
		const app = await keeper(t, COMPLETE);
		const path = `${CAPTURES}${file}`;
		const { code, stderr } = await run([
			...["send", "--to", app.path, "--replay", path, "--timing", "x1000"],
		]);
		assert.equal(code, 1, stderr);
		assert.match(stderr, / 0 same, \d+ different\n/);
		assert.deepEqual(app.connections(), await saidIn(path));
	});
}

test("one after the other, requests keep the recording's order", async (t) => {
	const app = await keeper(t, COMPLETE);
	const { stdout, stderr } = await run([
		...["send", "--to", app.path, "-T", "ndjson"],
		...["--replay", `${CAPTURES}05-nginx-fpm-keepalive.pcap`],
	]);
	const numbers = stdout.match(/"request":\d+/g)?.map((one) => one.slice(10));
	assert.deepEqual(
		numbers,
		Array.from({ length: 14 }, (_, i) => `${i + 1}`),
		stderr,
	);
});

test("requests are framed anew where that is asked for", async (t) => {
	const app = await keeper(t, COMPLETE);
	const { stderr } = await run([
		...["send", "--to", app.path, "--request", "2", "--padding", "9"],
		...["--record-size", "40", "--cut-pairs", "--id", "77", "--unset"],
		...["DOCUMENT_ROOT", "-P", "SERVER_NAME=elsewhere"],
		...["--replay", `${CAPTURES}01-nginx-fpm-basic.pcap`],
	]);
	const [sent = ""] = app.connections();
	const records = [...new RecordDecoder().push(Buffer.from(sent, "hex"))];
	assert.ok(records.length > 10, stderr);
	for (const record of records) {
		assert.equal(record.requestId, 77);
		assert.equal(record.paddingLength, 9);
		assert.ok(record.contentLength <= 40);
	}
	const params = Buffer.concat(
		records
			.filter(({ kind }) => kind === "params")
			.map(({ contentData }) => contentData),
	).toString("latin1");
	assert.match(params, /SERVER_NAMEelsewhere/);
	assert.doesNotMatch(params, /DOCUMENT_ROOT/);
	assert.match(params, /product\.php/);
});

test("a recorded abort is an abort again, behind the same record", async (t) => {
	const app = await started(t, "go");
	const file = await recorded(t, app, "sleep=100", "--abort-after", "40ms");
	const again = await replay(app, file, "-T", "ndjson", "--each-record");
	assert.match(again.stdout, /"typeName":"FCGI_ABORT_REQUEST"/);
	const wanted = await saidIn(file);
	// One that answers at once closes before the abort.
	const other = await keeper(t, () => "");
	await run([
		...["send", "--to", other.path, "--replay", file, "--timeout", "500ms"],
	]);
	assert.deepEqual(other.connections(), wanted);
});

test("php-fpm's pages are the same again, on a kept connection", async (t) => {
	const folder = temporaryFolder(t);
	const pool = { folder, user: "root" } as const;
	await startPhpFpm(t, pool);
	const file = join(folder, "ping.pcapng");
	const to = ["send", "--to", socketOf(pool)];
	await run([
		...[...to, "--ping", "--requests", "5", "--keep-conn", "-q", "-w", file],
	]);
	const kept = join(folder, "kept.pcapng");
	const { code, stderr } = await run([...to, "--replay", file, "-w", kept]);
	assert.equal(code, 0, stderr);
	assert.match(stderr, /5 requests replayed: 5 same, 0 different/);
	const summary = await run(["decode", "-T", "ndjson", kept]);
	assert.equal(
		JSON.parse(summary.stdout.trim().split("\n").at(-1) ?? "").connections,
		1,
	);
});

test("php-fpm's scripts are the same again, what they log too", async (t) => {
	const folder = temporaryFolder(t);
	const pool = { folder, user: "root" } as const;
	await startPhpFpm(t, pool);
	const file = join(folder, "script.pcapng");
	const asked = Object.entries(appParams("php-cgi", "size=9&stderr=oops"));
	const to = ["send", "--to", socketOf(pool)];
	const sent = await run([
		...[...to, "--like", "nginx", "-w", file],
		...asked.flatMap(([name, value]) => ["-P", `${name}=${value}`]),
	]);
	assert.match(sent.stdout, /^< ! PHP message: oops/m, sent.stdout);
	const { code, stdout, stderr } = await run([...to, "--replay", file]);
	assert.equal(code, 0, stdout + stderr);
	const other = await run([
		...[
			...to,
			"--replay",
			planted(file, "PHP message: oops", "PHP message: oOps"),
		],
	]);
	assert.equal(other.code, 1);
	assert.match(
		other.stdout,
		/STDERR from byte 14 on: "Ops.*" in the recording, "ops.*" now/,
	);
});

test("--timing keeps the recorded times, or a part of them", async (t) => {
	const app = await started(t, "libfcgi");
	const script = join(temporaryFolder(t), "two.txt");
	const request = [
		"{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, FCGI_KEEP_CONN}}",
		'{FCGI_PARAMS, 1, [QUERY_STRING="size=3"]}',
		'{FCGI_PARAMS, 1, ""}',
		'{FCGI_STDIN, 1, ""}',
		"@wait-for FCGI_END_REQUEST",
	].join("\n");
	writeFileSync(script, `${request}\n@wait 800ms\n${request}\n`);
	const file = join(temporaryFolder(t), "two.pcapng");
	const to = ["send", "--to", formatAddress(app.address)];
	await run([...to, "--records", script, "-q", "-w", file]);
	const apart = async (timing: string) => {
		const kept = `${file}.${timing}`;
		const { code, stderr } = await run([
			...[...to, "--replay", file, "--timing", timing, "-q", "-w", kept],
		]);
		assert.equal(code, 0, stderr);
		const { stdout } = await run(["decode", "-T", "ndjson", kept]);
		const [first, second] = stdout
			.split("\n")
			.map((line) => JSON.parse(line || "{}"));
		return (second.startedAt - first.startedAt) * 1000;
	};
	const [none, twice, original] = [
		await apart("none"),
		await apart("x2"),
		await apart("original"),
	];
	// The first is late by what it takes to connect.
	assert.ok(none < 350, `none: ${none}`);
	assert.ok(twice >= 350 && twice < original, `x2: ${twice}`);
	assert.ok(original >= 700 && original < 3000, `original: ${original}`);
});

test("requests that overlapped overlap again", async (t) => {
	const app = await started(t, "go");
	const file = await recorded(
		t,
		app,
		"sleep=700",
		...["--requests", "6", "--connections", "6"],
	);
	const before = performance.now();
	const { code, stderr } = await replay(app, file, "--timing", "original");
	assert.equal(code, 0, stderr);
	// One after the other they would take 4.2 s.
	assert.ok(performance.now() - before < 3500);
});

test("a recording may come on stdin, and some of its requests be meant", async (t) => {
	const app = await keeper(t, COMPLETE);
	const { stdout, code } = await run(
		[
			...["send", "--to", app.path, "--replay", "-", "--request", "2,4-5"],
			...["--request", "12-", "-T", "json"],
		],
		{ stdin: readFileSync(`${CAPTURES}56-gzip.pcap.gz`) },
	);
	assert.equal(code, 1);
	const numbers = JSON.parse(stdout).map(
		(one: { request: number }) => one.request,
	);
	assert.deepEqual(numbers, [2, 4, 5, 12, 13]);
});

for (const [args, code, message] of [
	[["--request", "14"], 2, /no request 14: the recording has 13 requests/],
	[["--request", "x"], 2, /'x' is no number of a request/],
	[["--timing", "fast"], 2, /'fast' is no timing/],
	[["--padding", "900"], 2, /is no padding/],
	[["--url", "http://a/"], 2, /--url and --replay are two things to send/],
	[["--requests", "2"], 2, /--requests and --replay/],
	[["-o", "-"], 2, /-o is for one request/],
	[["--fail"], 2, /--fail/],
	[["--redact"], 2, /--redact and --replay/],
	[["--input-format", "odd"], 2, /unknown input format/],
] as const) {
	test(`refuses send --replay ${args.join(" ")} in one line`, async () => {
		const result = await run([
			...["send", "--to", ":1", "--replay"],
			...[`${CAPTURES}01-nginx-fpm-basic.pcap`, ...args],
		]);
		assert.equal(result.code, code, result.stderr);
		assert.match(result.stderr, message);
		assert.equal(result.stderr.trim().split("\n").length, 1, result.stderr);
	});
}

for (const [file, code, message] of [
	["/nowhere", 3, /\/nowhere: no such file/],
	[`${CAPTURES}5e-empty.pcap`, 3, /no FastCGI request in it/],
	[`${CAPTURES}34-connection-refused.pcap`, 3, /no FastCGI request in it/],
	[
		`${CAPTURES}79-only-responses.pcap`,
		3,
		/request 1: its beginning is not in the recording, and 12 like it/,
	],
] as const) {
	test(`refuses the recording ${file} in one line`, async () => {
		const result = await run(["send", "--to", ":1", "--replay", file]);
		assert.equal(result.code, code, result.stderr);
		assert.match(result.stderr, message);
		assert.equal(result.stderr.trim().split("\n").length, 1, result.stderr);
	});
}

test("options of --replay are refused without it", async () => {
	const { code, stderr } = await run(["send", "-P", "A=b", "--timing", "x2"]);
	assert.equal(code, 2);
	assert.match(stderr, /--timing is for --replay/);
});

test("a recording without times cannot be sent in its times", async () => {
	const { code, stderr } = await run([
		...["send", "--to", ":1", "--timing", "original", "--replay"],
		`${CAPTURES}5a-simple-packet-blocks.pcapng`,
	]);
	assert.equal(code, 2);
	assert.match(stderr, /has no times.*--timing none/);
});

test("what is not whole in the recording is named, and the rest is sent", async (t) => {
	const app = await keeper(t, COMPLETE);
	const { stdout, stderr } = await run([
		...["send", "--to", app.path, "--replay"],
		`${CAPTURES}75-missing-segments-keepalive.pcap`,
	]);
	assert.match(stdout, / left out .*\n +(?:its beginning|bytes of its input)/);
	const [, sent, left] =
		/: (\d+) requests replayed: .*, (\d+) left out/.exec(stderr) ?? [];
	assert.equal(app.connections().length > 0, true);
	const decoded = await run([
		...["decode", "-T", "ndjson"],
		`${CAPTURES}75-missing-segments-keepalive.pcap`,
	]);
	const requests = decoded.stdout.match(/"kind":"(?:request|fragment)"/g);
	assert.equal(Number(sent) + Number(left), requests?.length, stderr);
});

test("requests without an answer are sent, and nothing is made up", async (t) => {
	const app = await keeper(t, COMPLETE);
	const { code, stderr } = await run([
		...["send", "--to", app.path, "--replay"],
		`${CAPTURES}7a-only-requests.pcap`,
	]);
	assert.equal(code, 0, stderr);
	assert.match(
		stderr,
		/13 requests replayed: 0 same, 0 different, 13 without a recorded answer/,
	);
});

test("an application that is not there is exit 4, asked a few times only", async () => {
	const { code, stdout, stderr } = await run([
		...["send", "--to", ":1", "--replay"],
		`${CAPTURES}05-nginx-fpm-keepalive.pcap`,
	]);
	assert.equal(code, 4);
	assert.match(stdout, /failed .*\n +127\.0\.0\.1:1: nobody listens there/);
	assert.match(stderr, /10 failed, 4 not sent/);
});

test("an answer that never ends is exit 5, and the others are compared", async (t) => {
	let requests = 0;
	const app = await keeper(t, (id) => (++requests === 2 ? "" : COMPLETE(id)));
	const { code, stdout, stderr } = await run([
		...["send", "--to", app.path, "--timeout", "300ms", "--request", "1-3"],
		...["--replay", `${CAPTURES}05-nginx-fpm-keepalive.pcap`],
	]);
	assert.equal(code, 5, stderr);
	assert.match(
		stdout,
		/^ +2 .* failed .*\n +.* no FCGI_END_REQUEST within 0\.3 s/m,
	);
	assert.match(stderr, /3 requests replayed: 0 same, 2 different, 1 failed/);
});

test("an application that keeps no connection is asked on others", async (t) => {
	const app = await keeper(t, COMPLETE, "always closes");
	const { code, stderr } = await run([
		...["send", "--to", app.path, "--replay"],
		`${CAPTURES}05-nginx-fpm-keepalive.pcap`,
	]);
	assert.equal(code, 1, stderr);
	assert.match(stderr, /14 requests replayed: 0 same, 14 different\n/);
	assert.equal(app.connections().length, 14);
});

test("the time that an application takes to close is not the request's", async (t) => {
	const app = await keeper(t, COMPLETE, "never closes");
	const { code, stderr } = await run([
		...["send", "--to", app.path, "--timeout", "400ms", "--request", "1"],
		...["--replay", `${CAPTURES}01-nginx-fpm-basic.pcap`],
	]);
	assert.equal(code, 1, stderr);
	assert.match(stderr, /1 request replayed: 0 same, 1 different/);
});

test("an application that closes instead of ending is exit 4", async (t) => {
	const app = await started(t, "go");
	const file = await recorded(t, app, "size=5");
	const { code, stdout, stderr } = await replay(
		app,
		file,
		...["-P", "REQUEST_URI=/?exit=3", "-P", "QUERY_STRING=exit=3"],
	);
	assert.equal(code, 4, stderr);
	assert.match(
		stdout,
		/end: END_REQUEST in the recording, the application closed the connection now/,
	);
});

test("a web server in place of an application is named", async (t) => {
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
	});
	const path = join(temporaryFolder(t), "web.sock");
	await new Promise<void>((resolve) => server.listen({ path }, resolve));
	t.after(() => server.close());
	const { code, stdout, stderr } = await run([
		...["send", "--to", path, "--request", "1", "--replay"],
		`${CAPTURES}01-nginx-fpm-basic.pcap`,
	]);
	assert.equal(code, 3, stderr);
	assert.match(stderr, /this is a web server/);
	assert.match(stdout, /bytes that are no records came: "HTTP\/1\.1/);
});

test("the traffic is shown where it is asked for, and differences are said beside it", async (t) => {
	const app = await keeper(t, COMPLETE);
	const file = `${CAPTURES}01-nginx-fpm-basic.pcap`;
	const args = ["send", "--to", app.path, "--request", "1", "--replay", file];
	const flow = await run([...args, "-T", "flow"]);
	assert.match(flow.stdout, /^> GET \/$/m);
	assert.match(
		flow.stderr,
		/^fcgi-inspect: request 1: status: 200 in the recording, none now; STDOUT/,
	);
	const quiet = await run([...args, "-q"]);
	assert.equal(quiet.stdout, "");
	assert.equal(quiet.stderr, flow.stderr);
	const dry = await run([...args, "--dry-run", "-T", "notation"]);
	assert.equal(dry.code, 0, dry.stderr);
	assert.match(dry.stdout, /^{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}$/m);
	assert.equal(app.connections().length, 2);
});

test("values that were masked are sent, and said", async (t) => {
	const app = await started(t, "libfcgi");
	const file = join(temporaryFolder(t), "masked.pcapng");
	await run([
		...["send", "--to", formatAddress(app.address), "--redact", "-w", file],
		...paramsOf(app, "size=3"),
		...["-q", "-P", "HTTP_COOKIE=session=0123456789"],
	]);
	const { code, stderr } = await replay(app, file);
	assert.equal(code, 0, stderr);
	assert.match(
		stderr,
		/1 request \(the first is 1\) seems to have masked values/,
	);
});

test("Ctrl-C ends a replay, with what was compared so far", async (t) => {
	const app = await started(t, "libfcgi");
	const file = await recorded(t, app, "sleep=30", "--requests", "30");
	const child = spawn(process.execPath, [
		...[BIN, "send", "--to", formatAddress(app.address), "--replay", file],
	]);
	const exited = once(child, "exit");
	let [out, said] = ["", ""];
	child.stdout.on("data", (bytes) => {
		out += bytes;
	});
	child.stderr.on("data", (bytes) => {
		said += bytes;
	});
	await until("something was compared", () => / same /.test(out));
	child.kill("SIGINT");
	const [code] = await exited;
	assert.equal(code, 130);
	assert.match(
		said,
		/^fcgi-inspect: \d+ requests? replayed: \d+ same.* \d+ not sent$/m,
	);
});

test("the table fits where there is no room, and is not cut where there is no terminal", async (t) => {
	const app = await keeper(t, COMPLETE);
	const { stdout } = await run([
		...["send", "--to", app.path, "--replay"],
		`${CAPTURES}04-nginx-fpm-long-params.pcap`,
	]);
	const lines = stdout.split("\n");
	assert.match(
		lines[0] ?? "",
		/^ +# +status +recorded +now +answer +method +URI$/,
	);
	assert.ok(lines.some((line) => textWidth(line) > 120));
	assert.doesNotMatch(stdout, /…/);
});
