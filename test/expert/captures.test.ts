// The findings of the shipped captures: healthy conversations give no error and no warning, and those in which something
// went wrong, on purpose (captures/README.md), give that and nothing else. Lost packets, a late start, a snap length and a
// missing direction give nothing.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { CHECKS } from "../../src/expert/index.js";
import { CAPTURES } from "../support/cli.js";
import { eachEvent } from "../support/decoded.js";

/** A request for a script that is not there, and one for a script that throws. */
const MISSING = "error script-not-found";
const THROWS = "warning stderr-output";

/** What went wrong in each; in all others, nothing did. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
	"05-nginx-fpm-keepalive.pcap": [MISSING, THROWS],
	"07-lighttpd-binpath.pcap": [THROWS],
	"09-apache-fpm.pcap": [THROWS, MISSING],
	// A chunked POST, for which Caddy says that it has -1 bytes.
	"11-caddy-fpm.pcap": ["error content-length-missing", THROWS],
	// Written by hand: two requests at once to an application that takes one, role 9 to php, a role that Go does not have.
	"26-management-and-odd.pcap": [
		"error multiplex-unsupported",
		"error closed-without-response",
		"error protocol-status",
	],
	// nginx gave up after its fastcgi_read_timeout of 1 s; that clients went away is no fault.
	"30-client-abort.pcap": ["warning slow-request"],
	"31-worker-killed.pcap": ["error no-end-request", "error no-end-request"],
	"32-fpm-terminate-timeout.pcap": [
		"error no-end-request",
		"error closed-without-response",
	],
	"33-libfcgi-dies.pcap": ["error no-end-request"],
	"75-missing-segments-keepalive.pcap": [MISSING, THROWS],
	"77-starts-mid-connection.pcap": [MISSING, THROWS],
	"socat/socat-x.log": [MISSING],
	"socat/socat-x-v.log": [MISSING],
	"strace/exact.strace": [THROWS],
	"strace/tree.strace": [MISSING, MISSING],
	"strace/yy.strace": [THROWS],
};

/** All of these are 01-nginx-fpm-basic in another envelope, whole or damaged behind its faults. */
const LIKE_BASIC =
	/^(?:01|4[78]|49-|49[cefgh]|5[4578]|56-gzip|56-zstd|59|5[ab]|5d-other\.modpcap|7[bd])/;

const files = readdirSync(CAPTURES, { recursive: true, encoding: "utf8" })
	.filter((file) => /\.(?:\w*pcap\w*|gz|zst|strace|log)$/.test(file))
	// Text out of which no bytes can be read: refused.
	.filter((file) => file !== "socat/socat-v.log")
	.sort();

for (const file of files) {
	test(`${file} gives the findings of its faults, and no others`, async () => {
		const found: string[] = [];
		await eachEvent(
			`${CAPTURES}${file}`,
			({ findings }) => {
				for (const { severity, code } of findings) {
					if (severity !== "note") found.push(`${severity} ${code}`);
				}
			},
			[],
			{ checks: CHECKS },
		);
		const basic = LIKE_BASIC.test(file) ? [MISSING, THROWS] : [];
		assert.deepEqual(found, FAULTS[file] ?? basic);
	});
}

test("a refused connection is found where its port is known", async () => {
	const found: string[] = [];
	await eachEvent(
		`${CAPTURES}34-connection-refused.pcap`,
		({ findings }) => {
			found.push(...findings.map(({ code }) => code));
		},
		[9499],
		{ checks: CHECKS },
	);
	assert.deepEqual(found, ["connect-failed", "connect-failed"]);
});
