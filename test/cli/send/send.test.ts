// `send` as a person runs it, against real applications.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { formatAddress } from "../../../src/live/address.js";
import { APPS, type App, type AppName, startApp } from "../../support/apps.js";
import { BIN, type Run, run } from "../../support/cli.js";
import { temporaryFolder } from "../../support/door.js";
import {
	answering,
	END,
	onRequests,
	scriptedApplication,
} from "../../support/scripted-application.js";
import { pcapngRecords } from "../../support/tshark.js";

async function started(t: TestContext, name: AppName): Promise<App> {
	const app = await startApp(name);
	t.after(() => app.stop());
	return app;
}

/** Runs `send` with an application's parameters. */
function send(
	app: App,
	query: string,
	...args: readonly string[]
): Promise<Run> {
	const params = Object.entries(app.params(query)).flatMap(([name, value]) => [
		"-P",
		`${name}=${value}`,
	]);
	return run(["send", "--to", formatAddress(app.address), ...params, ...args]);
}

for (const name of APPS) {
	test(`${name} answers, and both directions are one conversation`, async (t) => {
		const app = await started(t, name);
		const { code, stdout, stderr } = await send(app, "size=100");
		assert.equal(code, 0, stderr);
		assert.match(stdout, /^> GET /m);
		assert.match(stdout, /^> STDIN {2}empty$/m);
		assert.match(stdout, /^< body {2}100 bytes in \d+ records?: xxxx/m);
		assert.match(stdout, /^< END_REQUEST {2}REQUEST_COMPLETE/m);
		assert.equal(stderr, "");
	});
}

test("several requests on kept connections are counted and timed", async (t) => {
	const app = await started(t, "libfcgi");
	const { code, stdout, stderr } = await send(
		app,
		"size=5",
		...["--requests", "50", "--keep-conn", "-T", "ndjson"],
	);
	assert.equal(code, 0, stderr);
	const lines = stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
	assert.equal(lines.at(-1).connections, 1);
	assert.equal(lines.at(-1).requests, 50);
	assert.match(
		stderr,
		/^fcgi-inspect: 50 requests in [\d.]+ m?s, \d+\/s; p50 [\d.]+ m?s, p90 .* p99 .*; 0 failed$/m,
	);
});

test("what was sent and answered is kept as a capture", async (t) => {
	const app = await started(t, "libfcgi");
	const file = join(temporaryFolder(t), "sent.pcapng");
	const { code } = await send(app, "size=5", "-w", file, "-q");
	assert.equal(code, 0);
	const types = pcapngRecords(file).map((record) => record.split(" ")[0]);
	assert.deepEqual(types, ["1", "4", "4", "5", "6", "6", "3"]);
});

test("-o - is the body and nothing else, -i has the header fields, STDERR never mixes with it", async (t) => {
	const app = await started(t, "libfcgi");
	const plain = await send(app, "size=5&stderr=oops", "-o", "-");
	assert.equal(plain.stdout, "xxxxx");
	assert.match(plain.stderr, /wrote \d+ bytes to STDERR: -v shows them$/m);
	const quiet = await send(app, "size=5&stderr=oops", "-o", "-", "-q");
	assert.equal(quiet.stderr, "");
	const withHead = await send(app, "size=5", "-o", "-", "-i");
	assert.match(
		withHead.stdout,
		/^Content-[Tt]ype: text\/plain\r?\n\r?\nxxxxx$/,
	);
});

test("-v is the conversation on stderr, and the body where -o says or on stdout", async (t) => {
	const app = await started(t, "libfcgi");
	const alone = await send(app, "size=5", "-v");
	assert.equal(alone.stdout, "xxxxx");
	assert.match(alone.stderr, /^> GET .*^< 200 OK$.*^< END_REQUEST/ms);
	const withHead = await send(app, "size=5", "-v", "-i", "-T", "table");
	assert.match(withHead.stdout, /^Content-[Tt]ype: text\/plain\r\n\r\nxxxxx$/);
	assert.match(withHead.stderr, /BEGIN_REQUEST/);
	const file = join(temporaryFolder(t), "body");
	const kept = await send(app, "size=5", "-v", "-o", file, "--color", "always");
	assert.equal(kept.stdout, "");
	assert.equal(readFileSync(file, "utf8"), "xxxxx");
	assert.ok(kept.stderr.includes("\u001b["));
});

test("-o leaves a file as it is until there is an answer, and has no more in it than that", async (t) => {
	const app = await started(t, "libfcgi");
	const file = join(temporaryFolder(t), "body");
	writeFileSync(file, "what was there before");
	const refused = await run(["send", "--to", ":1", "-P", "A=b", "-o", file]);
	assert.equal(refused.code, 4);
	assert.equal(readFileSync(file, "utf8"), "what was there before");
	await send(app, "size=5", "-o", file, "-q");
	assert.equal(readFileSync(file, "utf8"), "xxxxx");
	await send(app, "size=0", "-o", file, "-q");
	assert.equal(readFileSync(file, "utf8"), "");
	const into = await send(app, "size=5", "-o", "/dev/null", "-q");
	assert.equal(into.code, 0, into.stderr);
	assert.equal(into.stderr, "");
});

test("-o has the bodies of several crafted requests, and no header field between them", async (t) => {
	const app = await started(t, "libfcgi");
	const records = await send(app, "size=5", "--dry-run", "-T", "notation");
	const file = join(temporaryFolder(t), "two.txt");
	const again = records.stdout.replaceAll("webServer 0", "webServer 1");
	writeFileSync(file, records.stdout + again);
	const to = ["send", "--to", formatAddress(app.address), "--records", file];
	const { code, stdout, stderr } = await run([...to, "-o", "-"]);
	assert.equal(code, 0, stderr);
	assert.equal(stdout, "xxxxxxxxxx");
	const withHead = await run([...to, "-o", "-", "-i"]);
	assert.equal(withHead.stdout.match(/Content-[Tt]ype/g)?.length, 2);
});

test("--fail makes an exit code of an application's failure", async (t) => {
	const app = await started(t, "libfcgi");
	assert.equal((await send(app, "size=1", "--fail", "-q")).code, 0);
	const failed = await send(app, "status=7", "--fail", "-q");
	assert.equal(failed.code, 1);
	assert.match(failed.stderr, /appStatus is 7 \(--fail\)/);
	assert.equal((await send(app, "status=7", "-q")).code, 0);
});

test("an application that does not answer in time is exit 5, one that dies 4, and what came is shown", async (t) => {
	const app = await started(t, "libfcgi");
	const late = await send(app, "sleep=5000", "--timeout", "300ms");
	assert.equal(late.code, 5);
	assert.match(late.stderr, /no FCGI_END_REQUEST within 0\.3 s \(--timeout\)/);
	assert.match(late.stdout, /> GET/);
	const dead = await send(app, "exit=3");
	assert.equal(dead.code, 4);
	assert.match(dead.stderr, /the connection ended before the answer did/);
});

test("what is no FastCGI is exit 3, with its first bytes", async (t) => {
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	t.after(() => server.close());
	const address = server.address();
	const port = typeof address === "object" ? address?.port : 0;
	const { code, stderr } = await run(["send", "--to", `:${port}`, "-P", "A=b"]);
	assert.equal(code, 3);
	assert.match(
		stderr,
		/first bytes are "HTTP\/1\.1 400 Bad": this is a web server\n$/,
	);
});

test("GET_VALUES and crafted records are answered as they are", async (t) => {
	const go = await started(t, "go");
	const to = ["--to", formatAddress(go.address)];
	const values = await run(["send", ...to, "--get-values", "-T", "notation"]);
	assert.equal(values.code, 0, values.stderr);
	assert.match(
		values.stdout,
		/FCGI_GET_VALUES_RESULT, 0, "\\017\\001FCGI_MPXS_CONNS1"/,
	);
	const file = join(temporaryFolder(t), "records");
	writeFileSync(
		file,
		"{FCGI_BEGIN_REQUEST, 7, {9, 0}}\n@wait-for FCGI_END_REQUEST\n",
	);
	const refused = await run([
		"send",
		...to,
		"--records",
		file,
		"-T",
		"notation",
	]);
	assert.equal(refused.code, 0, refused.stderr);
	assert.match(refused.stdout, /{FCGI_END_REQUEST, 7, {0, FCGI_UNKNOWN_ROLE}}/);
	writeFileSync(file, "{FCGI_BEGIN_REQUEST, 7, {9, 0}\n");
	const wrong = await run(["send", ...to, "--records", file]);
	assert.equal(wrong.code, 2);
	assert.match(wrong.stderr, /\^/);
});

test("--dry-run connects nowhere, and prints what would be sent", async () => {
	const { code, stdout } = await run([
		...["send", "--dry-run", "--to", "/nowhere", "-P", "A=b", "-d", "x"],
		...["-T", "notation"],
	]);
	assert.equal(code, 0);
	assert.match(stdout, /{FCGI_PARAMS, 1, ".*\\001\\001Ab/);
	assert.match(stdout, /{FCGI_STDIN, 1, "x"}\n{FCGI_STDIN, 1, ""}\n$/);
});

test("--dry-run says nothing of how a conversation with nobody ends", async () => {
	const { stdout } = await run(["send", "--dry-run", "-P", "A=b"]);
	assert.match(stdout, /^> STDIN {2}empty\n$/m);
	assert.doesNotMatch(stdout, /^[<*]/m);
	const args = ["send", "--dry-run", "-P", "A=b", "-T", "ndjson"];
	const [request = ""] = (await run(args)).stdout.split("\n");
	assert.equal(JSON.parse(request).params.A, "b");
});

test("an application that never closes is waited for once, and a dead one asked a few times", async (t) => {
	const closing = await scriptedApplication(t, answering(false));
	const args = ["-P", "A=b", "--requests", "20", "-q"];
	const never = await run(["send", "--to", formatAddress(closing), ...args]);
	assert.equal(never.code, 0, never.stderr);
	assert.match(never.stderr, /^fcgi-inspect: 20 requests in .*; 0 failed$/m);
	assert.equal(never.stderr.match(/had not closed the connection/g)?.length, 1);
	const dead = await run(["send", "--to", "/nowhere", ...args]);
	assert.equal(dead.code, 4);
	assert.match(dead.stderr, /20 requests not sent: 3 failures in a row/);
});

test("what a kept connection swallowed is sent again, and counted", async (t) => {
	const address = await scriptedApplication(t, (socket) => {
		onRequests(socket, (count) => {
			if (count < 3) socket.write(END);
			else socket.end();
		});
	});
	const { code, stdout, stderr } = await run([
		...["send", "--to", formatAddress(address), "-P", "A=b"],
		...["--requests", "5", "--keep-conn", "--fail"],
	]);
	assert.equal(code, 0, stderr);
	assert.match(stderr, /5 requests in .*; 0 failed; 2 sent again/);
	assert.match(stdout, /stale-keepalive/);
});

test("an answer is enough, though the pipe that the body comes from goes on", async (t) => {
	const address = await scriptedApplication(t, (socket) => {
		socket.once("data", () => socket.end(END));
		socket.resume();
	});
	const child = spawn(process.execPath, [
		...[BIN, "send", "--to", formatAddress(address)],
		...["-P", "A=b", "-d", "-", "-q"],
	]);
	child.stdin.on("error", () => undefined);
	child.stdin.write(Buffer.alloc(9 * 2 ** 20));
	const [code] = await once(child, "exit");
	assert.equal(code, 0);
});

test("the address is taken from the environment, and said", async (t) => {
	const app = await started(t, "libfcgi");
	const { code, stderr } = await run(
		["send", "-P", "QUERY_STRING=size=1", "-q"],
		{
			env: { FCGI_INSPECT_TO: formatAddress(app.address) },
		},
	);
	assert.equal(code, 0, stderr);
	assert.match(stderr, /sending to .* \(\$FCGI_INSPECT_TO\)/);
});

for (const [args, code, message] of [
	[["--to", ":1", "-P", "A=b"], 4, /nobody listens there/],
	[["--to", "/nowhere", "-P", "A=b"], 4, /no such socket/],
	[["--to", ":9"], 2, /nothing to send/],
	[["-P", "A"], 2, /'A'/],
	[["-P", "A=b", "--ping"], 2, /two things to send/],
	[["--params", "/nowhere"], 2, /\/nowhere: no such file/],
	[["-P", "A=b", "-d", "x", "--form", "a=b"], 2, /two bodies/],
	[["-P", "A=b", "-i"], 2, /-i is for the body .*: add -o -/],
	[["-P", "A=b", "--padding", "300"], 2, /is no padding/],
	[["-P", "A=b", "--role", "king"], 2, /is no role/],
	[["-P", "A=b", "--delay", "1s"], 2, /--delay is for --split/],
	[["-P", "A=b", "--requests", "2", "-o", "-"], 2, /-o is for one request/],
	[["-P", "A=b", "--requests", "2", "-v"], 2, /-v is for one request/],
	[["-P", "A=b", "-v", "-q"], 2, /-v shows the conversation, and -q does not/],
	[
		["-P", "A=b", "-v", "-w", "-"],
		2,
		/-v shows the conversation, and -w - does not/,
	],
	[["-P", "A=b", "-v", "--dry-run"], 2, /so -v has no use/],
	[["--url", "http://"], 2, /http:\/\//],
	[["-P", "A=b", "--abort-after", "1x"], 2, /no time and no number of records/],
	[["--params", "-", "-d", "-"], 2, /stdin can be read once only/],
	[["http://x/"], 2, /options only: .*--url 'http:\/\/x\/'.*--to /],
	[
		["-P", "A=b", "-d", "a=1", "-d", "b=2"],
		2,
		/There is one body: -d 'a=1&b=2'/,
	],
	[["-P", "A=b", "-X", "PUT"], 2, /-X would do nothing: there is no --url/],
	[["--params", "/nowhere", "-H", "A: b"], 2, /-H would do nothing/],
	[["--ping", "--root", "/srv"], 2, /--root would do nothing: --ping is/],
	[["--status", "--unset", "A"], 2, /--unset would do nothing: --status is/],
	[["--get-values", "--role", "9"], 2, /--role would do nothing/],
	[["--records", "-", "--padding", "3"], 2, /--padding would do nothing/],
	[["--records", "-", "--unset", "A"], 2, /--unset would do nothing/],
	[["-P", "A=b", "--data", "a=1"], 2, /--role filter; the body .* is -d$/m],
] as const) {
	test(`refuses send ${args.join(" ")} in one line`, async () => {
		const result = await run(["send", ...args]);
		assert.equal(result.code, code, result.stderr);
		assert.match(result.stderr, message);
		assert.equal(result.stderr.trim().split("\n").length, 1, result.stderr);
	});
}

test("Ctrl-C ends what is sent again and again, with what was answered so far", async (t) => {
	const app = await started(t, "libfcgi");
	const child = spawn(process.execPath, [
		...[BIN, "send", "--to", formatAddress(app.address)],
		...["-P", "QUERY_STRING=sleep=20", "--requests", "100000", "-q"],
	]);
	const exited = once(child, "exit");
	let said = "";
	child.stderr.on("data", (bytes) => {
		said += bytes;
	});
	await new Promise((resolve) => setTimeout(resolve, 700));
	child.kill("SIGINT");
	const [code] = await exited;
	assert.equal(code, 130);
	assert.match(said, /^fcgi-inspect: \d{1,3} requests in /m);
});

test("a wait in crafted records ends with the connection", async (t) => {
	const app = await started(t, "libfcgi");
	const file = join(temporaryFolder(t), "records");
	writeFileSync(file, '{FCGI_GET_VALUES, 0, ""}\n@close\n@wait 600s\n');
	const before = performance.now();
	const { code } = await run([
		...["send", "--to", formatAddress(app.address), "--records", file, "-q"],
	]);
	assert.equal(code, 0);
	writeFileSync(file, "@raw 00\n@half-close\n@wait 600s\n");
	await run([
		...["send", "--to", formatAddress(app.address), "--records", file, "-q"],
	]);
	assert.ok(performance.now() - before < 20_000);
});

test("requests on several connections are whole, whichever opens first", async (t) => {
	const app = await started(t, "go");
	const { code, stdout, stderr } = await send(
		app,
		"size=10",
		...["--requests", "60", "--connections", "6", "-T", "ndjson"],
	);
	assert.equal(code, 0, stderr);
	const lines = stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
	assert.equal(lines.filter(({ kind }) => kind === "request").length, 60);
	assert.equal(lines.at(-1).connections, 60);
});

test("with --multiplex, as many requests are sent as --requests says", async () => {
	for (const [args, requests, connections] of [
		[["--requests", "5", "--multiplex", "2"], 5, 3],
		[["--requests", "1", "--multiplex", "2"], 1, 1],
		[["--multiplex", "3"], 3, 1],
	] as const) {
		const { stdout } = await run([
			...["send", "--dry-run", "-P", "A=b", "-T", "ndjson", ...args],
		]);
		const summary = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
		assert.equal(summary.requests, requests, args.join(" "));
		assert.equal(summary.connections, connections, args.join(" "));
	}
});

test("a form is a request by itself", async () => {
	const { code, stdout } = await run(["send", "--dry-run", "-F", "a=b"]);
	assert.equal(code, 0);
	assert.match(stdout, /multipart\/form-data/);
});
