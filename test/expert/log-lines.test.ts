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

test("what somebody remembers of a line is enough", () => {
	assert.deepEqual(codes("AH01068", CHECKED), ["version"]);
	assert.deepEqual(codes("unsupported fastcgi protocol version", CHECKED), [
		"version",
	]);
});

test("the case of HAProxy's letters counts", () => {
	assert.deepEqual(codes("SH--", CHECKED), ["closed"]);
	assert.deepEqual(codes("sH--", CHECKED), []);
});

test("the client that Apache puts in the midst of a line does not count", () => {
	const timedOut = check("slow", {
		Apache: [
			"(70007)The timeout specified has expired: AH01075: Error dispatching request to …",
		],
	});
	const line =
		"[proxy_fcgi:error] [pid 1] (70007)The timeout specified has expired: [client 192.0.2.1:45938] AH01075: Error dispatching request to :8105: (polling)";
	assert.deepEqual(codes(line, [timedOut]), ["slow"]);
});

test("the usual cause comes first, and what the rest of the line rules out does not come", () => {
	const reset =
		"recv() failed (104: Connection reset by peer) while reading response header from upstream";
	const ofLine = codes(
		`${reset}, client: 192.0.2.1, upstream: "fastcgi://127.0.0.1:9000"`,
		CHECKS,
	);
	assert.equal(ofLine[0], "closed-without-response");
	assert.ok(!ofLine.includes("client-not-fastcgi"));
	assert.ok(
		codes(`${reset}, upstream: "http://127.0.0.1:9000/"`, CHECKS).includes(
			"client-not-fastcgi",
		),
	);
	const slow =
		"upstream timed out (110: Connection timed out) while reading response header from upstream";
	assert.equal(codes(slow, CHECKS)[0], "slow-request");
});

test("what is in no log gives nothing", () => {
	for (const text of ["", " ", "…", "hello", "upstr", "AH0106"]) {
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
