import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPTURES, run } from "../support/cli.js";

const KILLED = `${CAPTURES}31-worker-killed.pcap`;

test("--as says what the client would get, and what the log would say", async () => {
	const said = async (server: string) => {
		const { stdout } = await run(["decode", "--as", server, KILLED]);
		return [...stdout.matchAll(/^\* as .*\n(?:\* {3}.*\n)*/gm)].map(
			([text]) => text,
		);
	};
	const apache =
		"* as apache: the HTTP client gets 200 (cut)\n" +
		"*   [proxy_fcgi:error] AH01067: Failed to read FastCGI header\n" +
		"*   [proxy_fcgi:error] (104)Connection reset by peer: AH01075: Error dispatching request to :\n";
	assert.deepEqual(await said("apache"), [apache, apache]);
	for (const server of ["nginx", "lighttpd", "haproxy"]) {
		assert.equal((await said(server)).length, 2, server);
	}
});

test("--as stands in JSON with each request", async () => {
	const { stdout } = await run([
		"decode",
		"-T",
		"json",
		"--as",
		"haproxy",
		KILLED,
	]);
	const statuses = JSON.parse(stdout).map(
		(request: { as: { status: string; log: string[] } }) => [
			request.as.status,
			request.as.log,
		],
	);
	assert.deepEqual(statuses, [
		["200", ["state SD-- status 200"]],
		["200", ["state SD-- status 200"]],
		["200", ["state ---- status 200"]],
	]);
});

test("--as takes the servers that were measured", async () => {
	const { code, stderr } = await run(["decode", "--as", "iis", KILLED]);
	assert.equal(code, 2);
	assert.match(stderr, /nginx, apache, lighttpd, haproxy/);
});
