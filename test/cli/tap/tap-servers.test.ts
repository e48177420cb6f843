// Real web servers in front, real php-fpm behind: what an HTTP client gets is the same with and without a tap in between.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { temporaryFolder } from "../../support/door.js";
import { socketOf, startPhpFpm } from "../../support/php-fpm.js";
import {
	type HttpAnswer,
	type HttpQuestion,
	startWebServer,
	WEB_SERVERS,
	type WebServer,
	type WebServerName,
} from "../../support/site-servers.js";
import { startTap } from "../../support/tap.js";
import { pcapngRecords } from "../../support/tshark.js";
import { until } from "../../support/until.js";

const SCRIPT = `<?php
$input = file_get_contents("php://input");
header("X-Input: " . strlen($input) . " " . hash("sha256", $input));
foreach ($_GET as $name => $value) {
	switch ($name) {
		case "status": http_response_code((int) $value); break;
		case "error": error_log("$value"); break;
		case "header": for ($i = 0; $i < $value; $i++) header("X-Many-$i: " . str_repeat("v", 20)); break;
		case "sleep": usleep($value * 1000); break;
		case "flush": for ($i = 0; $i < $value; $i++) { echo "piece $i\\n"; flush(); usleep(2000); } break;
		case "size": for ($i = 0; $i < $value; $i += 65536) echo str_repeat(chr(97 + $i / 65536 % 26), 65536); break;
		case "exit": exit("early");
		case "die": posix_kill(posix_getpid(), 9);
	}
}
$server = $_SERVER;
foreach (["REMOTE_PORT", "REQUEST_TIME", "REQUEST_TIME_FLOAT", "UNIQUE_ID"] as $own) unset($server[$own]);
ksort($server);
echo json_encode($server, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES);
`;

const UPLOAD = randomBytes(3_000_000);

/** The test site, one question after the other. */
const QUESTIONS: readonly (readonly [path: string, options?: HttpQuestion])[] =
	[
		["/static.txt"],
		["/index.php"],
		["/index.php?a=1&b=%20%C3%A4&c"],
		["/index.php", { method: "HEAD" }],
		["/index.php", { method: "PUT", body: Buffer.from("put") }],
		["/index.php", { method: "POST", body: Buffer.alloc(0) }],
		["/index.php", { method: "POST", body: Buffer.alloc(65_535, "p") }],
		["/index.php", { method: "POST", body: Buffer.alloc(65_536, "q") }],
		["/index.php", { method: "POST", body: UPLOAD }],
		["/index.php", { headers: { "X-Long": "x".repeat(4000), Cookie: "a=b" } }],
		["/index.php?status=404"],
		["/index.php?status=500&error=wrong"],
		["/index.php?header=40"],
		["/index.php?flush=20"],
		["/index.php?size=5000000"],
		["/index.php?size=70000&sleep=30"],
		["/index.php?exit=1"],
		["/index.php?die=1"],
		["/missing.php"],
	];

async function askAll(server: WebServer): Promise<string[]> {
	const answers: string[] = [];
	for (const [path, options] of QUESTIONS) {
		const answer = await server
			.ask(path, options)
			.then(told, (error: Error) => `cut off: ${error.message}`);
		answers.push(`${options?.method ?? "GET"} ${path}: ${answer}`);
		// php-fpm starts another worker for the one that died.
		if (path.includes("die")) await wait(150);
	}
	return answers;
}

function told({ status, headers, body }: HttpAnswer): string {
	const { date, etag, "last-modified": _, ...same } = headers;
	const text =
		body.length < 4000
			? body.toString("latin1")
			: createHash("sha256").update(body).digest("hex");
	return `${status} ${JSON.stringify(same)} ${body.length} bytes ${text}`;
}

async function site(t: TestContext, name: WebServerName) {
	const folder = temporaryFolder(t);
	chmodSync(folder, 0o755);
	const documentRoot = join(folder, "public");
	mkdirSync(documentRoot);
	writeFileSync(join(documentRoot, "static.txt"), "static\n");
	writeFileSync(join(documentRoot, "index.php"), SCRIPT);
	const pool = {
		folder,
		user: "www-data",
		lines: [
			"catch_workers_output = no",
			"php_admin_value[post_max_size] = 50M",
		],
	} as const;
	const fpm = await startPhpFpm(t, pool);
	const socket = socketOf(pool);
	const server = await startWebServer(t, name, {
		folder,
		documentRoot,
		socket,
	});
	return { folder, socket, server, fpm };
}

for (const name of WEB_SERVERS) {
	test(`${name} and php-fpm: a client gets the same with and without a tap, and the capture has it all`, async (t) => {
		const { folder, socket, server } = await site(t, name);
		const inode = lstatSync(socket).ino;
		const without = await askAll(server);
		assert.match(without[1] as string, /: 200 .*"SCRIPT_NAME": "\/index.php"/s);
		const file = join(folder, "live.pcapng");
		const tap = await startTap(t, [
			...[socket, "-w", file, "-T", "ndjson", "--records"],
		]);
		const through = await askAll(server);
		assert.equal(await tap.stop(), 0);
		for (const [i, answer] of through.entries()) {
			assert.equal(answer, without[i]);
		}
		assert.equal(lstatSync(socket).ino, inode);
		assert.deepEqual(await askAll(server), without);

		const lines = tap
			.stdout()
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		const summary = lines.at(-1);
		// The static file, and where it may ask nobody for what is missing.
		assert.ok(
			summary.requests >= QUESTIONS.length - 2,
			String(summary.requests),
		);
		assert.equal(summary.skippedBytes + summary.missingBytes, 0);
		const records = lines
			.filter(({ kind }) => kind === "record")
			.map(
				({ type, requestId, contentLength }) =>
					`${type} ${requestId} ${contentLength}`,
			);
		assert.deepEqual(pcapngRecords(file), records);
	});
}

test("php-fpm restarted and reloaded under a tap: requests go on, and are shown", async (t) => {
	const { folder, socket, server, fpm } = await site(t, "nginx");
	const tap = await startTap(t, [socket, "-T", "requests"]);
	const isUp = () =>
		server.ask("/index.php").then(({ status }) => status === 200);
	assert.ok(await isUp());
	fpm.signal("SIGUSR2");
	await until("reloaded", isUp);
	await fpm.end("SIGTERM");
	assert.equal((await server.ask("/index.php")).status, 502);
	const pool = { folder, user: "www-data" } as const;
	await startPhpFpm(t, pool);
	await until("restarted", isUp);
	await until("the tap is there again", () => /again|anew/.test(tap.stderr()));
	const shownBefore = tap.stdout().split("/index.php").length;
	assert.ok(await isUp());
	await until(
		"shown",
		() => tap.stdout().split("/index.php").length > shownBefore,
	);
	assert.equal(await tap.stop(), 0, tap.stderr());
	assert.ok(await isUp());
});
