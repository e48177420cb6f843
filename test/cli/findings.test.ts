import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CHECKS } from "../../src/expert/index.js";
import { CAPTURES, run } from "../support/cli.js";

const PAGE = fileURLToPath(new URL("../../../FINDINGS.md", import.meta.url));

test("FINDINGS.md is what the registry says: fcgi-inspect findings --markdown > FINDINGS.md", async () => {
	const { stdout } = await run(["findings", "--markdown"]);
	assert.equal(stdout, readFileSync(PAGE, "utf8"));
});

test("findings lists every code on a line, and all of it in JSON", async () => {
	const list = await run(["findings"]);
	assert.deepEqual(
		list.stdout
			.trimEnd()
			.split("\n")
			.map((line) => line.split(/\s+/)[1]),
		CHECKS.map(({ code }) => code),
	);
	const json = JSON.parse((await run(["findings", "--json"])).stdout);
	assert.equal(json.length, CHECKS.length);
	for (const [at, { code, severity, summary, remedies }] of CHECKS.entries()) {
		const { code: c, severity: s, summary: u, remedies: r } = json[at];
		assert.deepEqual([c, s, u, r], [code, severity, summary, remedies]);
	}
});

test("explain tells of a finding by its name", async () => {
	const { code, stdout } = await run(["explain", "script-not-found"]);
	assert.equal(code, 0);
	for (const label of ["seen", "means", "try", "in logs"]) {
		assert.match(stdout, new RegExp(`^  ${label} `, "m"));
	}
	assert.match(
		stdout,
		/nginx: FastCGI sent in stderr: "Primary script unknown"/,
	);
});

test("explain finds what a line of a log stems from", async () => {
	const lines = [
		[
			'2026/11/22 03:00:00 [error] 31#31: *5 FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream, client: 192.0.2.1, server: shop.test, request: "GET /nope.php HTTP/1.1", upstream: "fastcgi://unix:/run/php/php-fpm.sock:", host: "shop.test"',
			"script-not-found",
		],
		[
			"[Sun Nov 22 03:00:00.123456 2026] [proxy_fcgi:error] [pid 9:tid 1] [client 192.0.2.1:5] AH01071: Got error 'Primary script unknown'",
			"script-not-found",
		],
		[
			"2026-11-22 03:00:00: (mod_fastcgi.c.360) unexpected end-of-file (perhaps the fastcgi process died):pid: 0 socket: tcp:127.0.0.1:9000",
			"closed-without-response",
		],
		[
			'Nov 22 03:00:00 lb haproxy[7]: 192.0.2.1:5 [22/Nov/2026:03:00:00.123] fe be/php 0/0/0/-1/2001 504 194 - - sH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
			"slow-request",
		],
		[
			"[22-Nov-2026 03:00:00] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
			"slow-request",
		],
		[
			'{"level":"error","ts":1700000000.1,"logger":"http.log.error","msg":"dialing backend: dial unix /run/php.sock: connect: permission denied"}',
			"connect-failed",
		],
	] as const;
	for (const [line, wanted] of lines) {
		const { stdout } = await run(["explain", "--json", line]);
		const codes = JSON.parse(stdout).map((one: { code: string }) => one.code);
		assert.ok(codes.includes(wanted), `${line}\n${codes}`);
	}
});

test("explain reads a whole log from stdin, what most lines stem from first", async () => {
	const refused =
		"connect() failed (111: Connection refused) while connecting to upstream";
	const big =
		"upstream sent too big header while reading response header from upstream";
	const stdin = Buffer.from(
		`${[big, refused, "unrelated", refused].join("\n")}\n`,
	);
	const { stdout } = await run(["explain", "--json", "-"], { stdin });
	const codes = JSON.parse(stdout).map((one: { code: string }) => one.code);
	assert.deepEqual(codes, ["connect-failed", "header-too-big"]);
});

test("what nothing is known of is one line and an exit code", async () => {
	const rows = [
		[
			["explain", "the dog ate it"],
			3,
			/no finding is known for "the dog ate it"/,
		],
		[["explain", "no-such-thing"], 2, /no finding is called 'no-such-thing'/],
		[["explain", "script-missing"], 2, /is it script-not-found/],
		[["explain"], 2, /missing required argument/],
		[["explain", "a\u001b[31mb c"], 3, /a\\x1b\[31mb c/],
	] as const;
	for (const [args, wanted, message] of rows) {
		const { code, stdout, stderr } = await run([...args]);
		assert.equal(code, wanted, args.join(" "));
		assert.equal(stdout, "");
		assert.match(stderr, message);
		assert.equal(stderr.trimEnd().split("\n").length, 1);
	}
});

test("--fail-on sets the exit code where something at least so severe was found", async () => {
	const file = `${CAPTURES}01-nginx-fpm-basic.pcap`;
	for (const [severity, wanted] of [
		["error", 1],
		["warning", 1],
		["note", 1],
	] as const) {
		const { code, stderr } = await run(["decode", "--fail-on", severity, file]);
		assert.equal(code, wanted);
		assert.match(stderr, new RegExp(`1 error.*\\(--fail-on ${severity}\\)\n$`));
	}
	const warned = `${CAPTURES}30-client-abort.pcap`;
	assert.equal((await run(["decode", "--fail-on", "error", warned])).code, 0);
	assert.equal((await run(["decode", "--fail-on", "warning", warned])).code, 1);
	const healthy = `${CAPTURES}20-nginx-uwsgi.pcap`;
	assert.equal((await run(["decode", "--fail-on", "note", healthy])).code, 0);
	const both = await run([
		"decode",
		"--fail-on",
		"note",
		"--no-findings",
		file,
	]);
	assert.equal(both.code, 2);
	assert.equal((await run(["decode", "--fail-on", "panic", file])).code, 2);
});

test("--no-findings looks for nothing", async () => {
	const file = `${CAPTURES}01-nginx-fpm-basic.pcap`;
	const { stdout } = await run([
		"decode",
		"-T",
		"ndjson",
		"--no-findings",
		file,
	]);
	for (const line of stdout.trimEnd().split("\n")) {
		const { findings } = JSON.parse(line);
		assert.ok(
			Array.isArray(findings) ? findings.length === 0 : findings.error === 0,
		);
	}
});

test("findings that concern no request are objects of their own in JSON", async () => {
	const args = ["decode", "-T", "ndjson", "--port", "9499"];
	const file = `${CAPTURES}34-connection-refused.pcap`;
	const { stdout } = await run([...args, file]);
	const [first] = stdout.split("\n").map((line) => JSON.parse(line || "{}"));
	assert.deepEqual([first.kind, first.code], ["finding", "connect-failed"]);
});
