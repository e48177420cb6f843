// `tap --inherit` where a web server's configuration names the application: lighttpd starts it, and it the application.
// What it writes is held against what tshark reads of it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { appCommand, freePort, listens } from "../../support/apps.js";
import { BIN } from "../../support/cli.js";
import { descendants, isThere } from "../../support/processes.js";
import { pcapngRecords } from "../../support/tshark.js";
import { until } from "../../support/until.js";

test("lighttpd runs a Go application through tap --inherit", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-lighttpd-"));
	const port = await freePort();
	const [go] = await appCommand("go");
	const capture = join(folder, "app.pcapng");
	const printed = join(folder, "printed");
	const said = join(folder, "said");
	// lighttpd takes a bin-path apart at blanks; what it starts writes to wherever lighttpd does.
	const binPath = join(folder, "app");
	writeFileSync(
		binPath,
		`#!/bin/sh
exec '${process.execPath}' '${BIN}' tap --inherit -w '${capture}' -- '${go}' >'${printed}' 2>'${said}'
`,
		{ mode: 0o755 },
	);
	writeFileSync(
		join(folder, "lighttpd.conf"),
		`server.modules = ("mod_fastcgi")
server.document-root = "${folder}"
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${folder}/error.log"
fastcgi.server = ("/" => ((
	"socket" => "${folder}/app.sock",
	"bin-path" => "${binPath}",
	"max-procs" => 1,
	"check-local" => "disable"
)))
`,
	);
	const lighttpd = spawn(
		"lighttpd",
		["-D", "-f", join(folder, "lighttpd.conf")],
		{ stdio: ["ignore", "ignore", "inherit"] },
	);
	t.after(async () => {
		const all = descendants(lighttpd.pid as number);
		lighttpd.kill("SIGKILL");
		for (const pid of all) if (isThere(pid)) process.kill(pid, "SIGTERM");
		await until("all are gone", () => !all.some(isThere));
		rmSync(folder, { recursive: true });
	});
	await until("lighttpd listens", () =>
		listens({ kind: "tcp", host: "127.0.0.1", port }),
	);
	const body = "x".repeat(100_000);
	for (let number = 0; number < 3; number++) {
		const answer = await fetch(`http://127.0.0.1:${port}/a?echo=1`, {
			method: "POST",
			body,
		});
		assert.equal(answer.status, 200);
		assert.equal(await answer.text(), body);
	}
	const all = descendants(lighttpd.pid as number);
	// The tap, the keeper of the application's socket, and the application.
	assert.equal(all.length, 3);
	lighttpd.kill("SIGTERM");
	await until("all are gone", () => !all.some(isThere));
	assert.equal(readFileSync(printed, "utf8"), "");
	assert.match(
		readFileSync(said, "utf8"),
		/accepting on .*\/app\.sock-0 for .*go/,
	);
	assert.ok(existsSync(capture));
	assert.equal(statSync(capture).mode & 0o777, 0o600);
	const types = pcapngRecords(capture).map((record) =>
		Number.parseInt(record, 10),
	);
	// BEGIN_REQUEST and END_REQUEST of three requests.
	assert.equal(types.filter((type) => type === 1).length, 3);
	assert.equal(types.filter((type) => type === 3).length, 3);
});
