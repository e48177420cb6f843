import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECKS } from "../../src/expert/index.js";
import { checksOfLogLine } from "../../src/expert/log-lines.js";
import type { Check } from "../../src/inspect/check.js";

const check = (code: string, logs: Check["logs"] & object): Check => ({
	code,
	severity: "error",
	summary: "s",
	diagnosis: "d",
	remedies: {},
	example: "e",
	logs,
	on: "connectionClosed",
	look: () => undefined,
});

const codes = (text: string, checks: readonly Check[]) =>
	checksOfLogLine(text, checks).map((match) => match.check.code);

const CHECKED = [
	check("version", {
		nginx: [
			"upstream sent unsupported FastCGI protocol version: … while reading response header from upstream",
		],
		Apache: ["AH01068: Got bogus version …"],
	}),
	check("stderr", {
		nginx: ['FastCGI sent in stderr: "…" while reading response header'],
	}),
	check("script", {
		nginx: ['FastCGI sent in stderr: "Primary script unknown" while'],
	}),
	check("closed", { HAProxy: ["SH--"] }),
];

test("a line is found with whatever a log puts around it", () => {
	const line =
		'2026/11/22 10:00:00 [error] 31#31: *5 upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream, client: 192.0.2.1, server: _, request: "GET / HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000"';
	assert.deepEqual(codes(line, CHECKED), ["version"]);
	assert.deepEqual(
		codes(
			"[Sun Nov 22 10:00:00.123 2026] [proxy_fcgi:error] [pid 7] AH01068: Got bogus version 72",
			CHECKED,
		),
		["version"],
	);
});

test("the most particular match comes first", () => {
	assert.deepEqual(
		codes(
			'FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream',
			CHECKED,
		),
		["script", "stderr"],
	);
});

test("a short mark counts as a word of its own only", () => {
	const haproxy =
		"haproxy[1]: 192.0.2.1:5 [22/Nov/2026:10:00:00.1] fe be/app 0/0/0/-1/1 502 208 - - SH-- 1/1/0/0/0 0/0";
	assert.deepEqual(codes(haproxy, CHECKED), ["closed"]);
	assert.deepEqual(codes("PUSH--PULL", CHECKED), []);
});

test("what is in no log gives nothing", () => {
	for (const text of ["", " ", "…", "hello", "upstream sent"]) {
		assert.deepEqual(codes(text, CHECKED), []);
	}
});

test("every line that a check has leads to that check", () => {
	for (const { code, logs = {} } of CHECKS) {
		for (const lines of Object.values(logs)) {
			for (const line of lines) {
				const text = `2026-11-22 [error] *1 ${line.replaceAll("…", "17")}, client: 192.0.2.1`;
				assert.ok(codes(text, CHECKS).includes(code), `${code}: ${line}`);
			}
		}
	}
});
