// `send` against real applications: what they were sent is what they say they were sent, and what each of them does with
// what not all of them know is held here as a fact.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../support/door.js";
import {
	countingConnections,
	PEERS,
	type PeerName,
	type RunningPeer,
	startPeer,
} from "../../support/peers.js";

const sha256 = (bytes: Buffer | string) =>
	createHash("sha256").update(bytes).digest("hex");

/** What became of something that not all applications know. */
interface Outcome {
	readonly code: number;
	/** What is shown, or said on stderr. */
	readonly says: RegExp;
}

const ANSWERED = /^< 200 OK$/m;
const UNANSWERED: Outcome = {
	code: 5,
	says: /no FCGI_END_REQUEST within 0\.3 s \(--timeout\)/,
};

const php = { code: 0, says: /body {2}\d+ bytes.*role AUTHORIZER/ };
const AUTHORIZERS: Readonly<Record<PeerName, Outcome>> = {
	libfcgi: { code: 0, says: /^< 200 OK \(access granted\)$.*WHO +tester/ms },
	go: { code: 0, says: /^< END_REQUEST {2}UNKNOWN_ROLE/m },
	"php-cgi": php,
	"php-fpm": php,
	// It waits for FCGI_STDIN, which an authorizer is not sent.
	fcgiwrap: UNANSWERED,
};

const phpFilter = { code: 0, says: /body {2}\d+ bytes.*role FILTER/ };
const FILTERS: Readonly<Record<PeerName, Outcome>> = {
	libfcgi: { code: 0, says: /body {2}300000 bytes in \d+ records: ABAB/ },
	go: { code: 0, says: /^< END_REQUEST {2}UNKNOWN_ROLE/m },
	// It does not look at FCGI_DATA.
	"php-cgi": phpFilter,
	"php-fpm": phpFilter,
	fcgiwrap: { code: 0, says: ANSWERED },
};

const TOO_LATE: Outcome = { code: 0, says: /^> ABORT_REQUEST$.*^< 200 OK$/ms };
const BEFORE_PARAMS: Readonly<Record<PeerName, Outcome>> = {
	// The rest of the parameters is waited for.
	libfcgi: UNANSWERED,
	fcgiwrap: UNANSWERED,
	go: { code: 0, says: /^< no STDOUT$.*^< END_REQUEST/ms },
	// It takes the abort for the end of the parameters, and has no script then.
	"php-cgi": { code: 0, says: /^< 404 Not Found$/m },
	"php-fpm": { code: 0, says: /^< 200 OK$.*^< body {2}empty$/ms },
};
const BEFORE_STDIN: Readonly<Record<PeerName, Outcome>> = {
	libfcgi: TOO_LATE,
	fcgiwrap: TOO_LATE,
	"php-cgi": TOO_LATE,
	"php-fpm": TOO_LATE,
	go: { code: 0, says: /^< no STDOUT$.*^< END_REQUEST/ms },
};

const NO_VALUES: Outcome = {
	code: 5,
	says: /no FCGI_GET_VALUES_RESULT within 0\.3 s \(--timeout\): libfcgi, and fcgiwrap with it, never answer it/,
};
const VALUES: Readonly<Record<PeerName, Outcome>> = {
	libfcgi: NO_VALUES,
	fcgiwrap: NO_VALUES,
	go: { code: 0, says: /^< GET_VALUES_RESULT {2}FCGI_MPXS_CONNS=1$/m },
	"php-cgi": {
		code: 0,
		says: /^< GET_VALUES_RESULT {2}FCGI_MPXS_CONNS=0 {2}FCGI_MAX_REQS=1 {2}FCGI_MAX_CONNS=1$/m,
	},
	"php-fpm": { code: 0, says: /^< GET_VALUES_RESULT {2}FCGI_MPXS_CONNS=0$/m },
};

const ARRIVES: Outcome = { code: 0, says: /^vars VARS$/m };
const CLOSED: Outcome = {
	code: 4,
	says: /the connection ended before the answer did/,
};
/** php parses each FCGI_PARAMS record by itself. */
const CUT_PAIRS: Readonly<Record<PeerName, Outcome>> = {
	libfcgi: ARRIVES,
	go: ARRIVES,
	fcgiwrap: ARRIVES,
	"php-cgi": CLOSED,
	"php-fpm": CLOSED,
};
/** A pair that no record holds; Linux gives a program no string of more than 128 KB in its environment. */
const LONG_VALUE: Readonly<Record<PeerName, Outcome>> = {
	...CUT_PAIRS,
	fcgiwrap: { code: 0, says: /^502 Bad Gateway$/m },
};

/** Waiting in vain is to be short; a busy machine is given its time for all else. */
const within = ({ code }: Outcome) => [
	"--timeout",
	code === 5 ? "300ms" : "10s",
];

async function holds(
	outcome: Outcome,
	peer: RunningPeer,
	query: string,
	...args: readonly string[]
): Promise<void> {
	const { code, says } = outcome;
	const limit = within(outcome);
	const run = await peer.send(query, "--no-findings", ...limit, ...args);
	assert.equal(run.code, code, run.stdout + run.stderr);
	assert.match(run.stdout + run.stderr, says);
}

for (const name of PEERS) {
	test(`${name} gets bodies whole, of any length`, async (t) => {
		const peer = await startPeer(t, name);
		const file = join(temporaryFolder(t), "body");
		const post = ["-P", "REQUEST_METHOD=POST", "-d", `@${file}`];
		for (const length of [0, 1, 65_535, 65_536, 8_000_000]) {
			const body = randomBytes(length);
			writeFileSync(file, body);
			const { code, stdout, stderr } = await peer.ask("digest=1", ...post);
			assert.equal(code, 0, stderr);
			assert.match(stdout, new RegExp(`^stdin ${length}$`, "m"));
			assert.match(stdout, new RegExp(`^digest ${sha256(body)}$`, "m"));
		}
		const back = join(temporaryFolder(t), "back");
		const echo = await peer.send("echo=1", ...post, "-o", back, "-q");
		assert.equal(echo.code, 0, echo.stderr);
		assert.equal(sha256(readFileSync(back)), sha256(readFileSync(file)));
	});

	test(`${name} gets 200 KB of parameters, cut as it takes them`, async (t) => {
		const peer = await startPeer(t, name);
		const folder = temporaryFolder(t);
		const holdsVars = async (
			vars: Readonly<Record<string, string>>,
			{ code, says }: Outcome,
			...args: readonly string[]
		) => {
			const file = join(folder, "vars.json");
			writeFileSync(file, JSON.stringify(vars));
			const run = await peer.ask("vars=1", "--params", file, ...args);
			const lines = Object.entries(vars).map(([key, one]) => `${key}=${one}\n`);
			const digest = sha256(lines.sort().join(""));
			assert.equal(run.code, code, run.stderr);
			const expected = says.source.replace("VARS", digest);
			assert.match(run.stdout + run.stderr, new RegExp(expected, "m"));
		};
		const many = Object.fromEntries(
			Array.from({ length: 200 }, (_, i) => [
				`HTTP_X_${i}`,
				randomBytes(500).toString("hex"),
			]),
		);
		await holdsVars(many, ARRIVES);
		await holdsVars(many, CUT_PAIRS[name], "--cut-pairs");
		const long = { HTTP_X_LONG: randomBytes(100_000).toString("hex") };
		await holdsVars(long, LONG_VALUE[name]);
	});

	test(`${name} keeps a connection for all requests that it is kept for`, async (t) => {
		const peer = await startPeer(t, name);
		const counting = await countingConnections(t, peer.address);
		const to = ["--to", counting.path, "--requests", "10", "-T", "ndjson"];
		const kept = await peer.send("size=5", ...to, "--keep-conn");
		assert.equal(kept.code, 0, kept.stderr);
		assert.match(kept.stderr, /10 requests in .*; 0 failed\n$/);
		assert.equal(kept.stdout.match(/"bodyBytes":5/g)?.length, 10);
		assert.equal(counting.count(), 1);
		const fresh = await peer.send("size=5", ...to);
		assert.equal(fresh.code, 0, fresh.stderr);
		assert.equal(counting.count(), 11);
	});

	test(`${name} is asked as authorizer and as filter`, async (t) => {
		const peer = await startPeer(t, name);
		const data = join(temporaryFolder(t), "data");
		writeFileSync(data, "ab".repeat(150_000));
		const authorizer = ["--role", "authorizer"];
		await holds(AUTHORIZERS[name], peer, "allow=1", ...authorizer);
		const filter = ["--role", "filter", "--data", data, "-d", "seen"];
		await holds(FILTERS[name], peer, "", ...filter);
	});

	test(`${name} is told to abort, before and in the middle`, async (t) => {
		const peer = await startPeer(t, name);
		const abort = ["--abort-after"];
		await holds(TOO_LATE, peer, "sleep=200", ...abort, "50ms");
		await holds(BEFORE_PARAMS[name], peer, "", ...abort, "1");
		await holds(BEFORE_STDIN[name], peer, "", ...abort, "3");
	});

	test(`${name} is asked for its values`, async (t) => {
		const peer = await startPeer(t, name);
		const outcome = VALUES[name];
		const { code, says } = outcome;
		const run = await peer.plain("--get-values", ...within(outcome));
		assert.equal(run.code, code, run.stderr);
		assert.match(run.stdout + run.stderr, says);
	});
}

test("an authorizer refuses, and a filter has its data, its length and its time", async (t) => {
	const peer = await startPeer(t, "libfcgi");
	const refused = await peer.send("", "--role", "authorizer", "--fail");
	assert.equal(refused.code, 1);
	assert.match(refused.stdout, /^< 403 Forbidden \(access denied\)$/m);
	assert.match(refused.stderr, /HTTP status 403 \(--fail\)/);
	const data = join(temporaryFolder(t), "data");
	const text = "line of text\n".repeat(20_000);
	writeFileSync(data, text);
	utimesSync(data, 1_700_000_000, 1_700_000_000);
	const filter = ["--role", "filter", "--data", data];
	const { stdout } = await peer.ask("", ...filter, "-d", "seen", "-i");
	const [head = "", body = ""] = stdout.split("\r\n\r\n");
	const { size } = statSync(data);
	assert.match(
		head,
		new RegExp(
			`^X-Seen: stdin 4, data ${size} of ${size}, modified 1700000000$`,
			"m",
		),
	);
	assert.equal(sha256(body), sha256(text.toUpperCase()));
});

test("php-fpm is pinged, and what its pool does not have is said", async (t) => {
	const peer = await startPeer(t, "php-fpm");
	const ping = await peer.plain("--ping", "-o", "-", "--fail");
	assert.deepEqual([ping.code, ping.stdout, ping.stderr], [0, "pong", ""]);
	const status = await peer.plain("--status", "--fail", "-q");
	assert.equal(status.code, 1);
	assert.match(
		status.stderr,
		/\/status may be no such page: .* sets pm\.status_path, and --status takes/,
	);
	assert.match(status.stderr, /HTTP status 404 \(--fail\)/);
});
