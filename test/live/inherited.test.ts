// A listening socket that was made elsewhere, as descriptor 0: by spawn-fcgi, which is no part of this project, and by a
// web server. What is none is refused.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Address, formatAddress } from "../../src/live/address.js";
import { appCommand, appParams, freePort } from "../support/apps.js";
import { ask } from "../support/fcgi-client.js";
import { descendants, isThere } from "../support/processes.js";
import { until } from "../support/until.js";

const INHERITING = fileURLToPath(new URL("inheriting.js", import.meta.url));

/** A process, and what it has written to stderr. */
interface Told {
	readonly child: ChildProcess;
	readonly lines: () => readonly string[];
}

function start(
	context: TestContext,
	[program = "", ...args]: readonly string[],
	stdin: "ignore" | "pipe" | number = "ignore",
): Told {
	const child = spawn(program, args, { stdio: [stdin, "ignore", "pipe"] });
	let text = "";
	child.stderr?.on("data", (data) => {
		text += data;
	});
	context.after(async () => {
		const all = descendants(child.pid as number);
		child.kill("SIGKILL");
		await until("all are gone", () => !all.some(isThere));
	});
	return { child, lines: () => text.split("\n").filter((line) => line !== "") };
}

function newFolder(context: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-inherited-"));
	context.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

for (const kind of ["unix", "tcp"] as const) {
	test(`a listening ${kind} socket is accepted on, and given back`, async (context) => {
		const path = join(newFolder(context), "app.sock");
		const port = await freePort();
		const address: Address =
			kind === "unix" ? { kind, path } : { kind, host: "127.0.0.1", port };
		const where =
			kind === "unix" ? ["-s", path] : ["-a", "127.0.0.1", "-p", `${port}`];
		const { child, lines } = start(context, [
			...["spawn-fcgi", "-n", ...where, "--"],
			...[process.execPath, INHERITING, ...(await appCommand("libfcgi"))],
		]);
		await until("it is open", () => lines().length > 0);
		assert.deepEqual(lines(), [`open ${formatAddress(address)}`]);
		const answers = await Promise.all(
			Array.from({ length: 20 }, () =>
				ask(address, { params: appParams("libfcgi"), stdin: "12345" }),
			),
		);
		for (const answer of answers) assert.equal(answer.lines.stdin, "5");
		child.kill("SIGTERM");
		await until("it has ended", () => child.exitCode !== null);
		assert.equal(child.exitCode, 0);
		assert.equal(lines().at(-1), "stopped");
	});
}

test("what is no listening socket is refused in one line, and nothing is left", async (context) => {
	const app = await appCommand("libfcgi");
	const command = [process.execPath, INHERITING, ...app];
	const file = openSync(INHERITING, "r");
	context.after(() => closeSync(file));
	// "pipe" is one end of two connected sockets.
	for (const stdin of ["ignore", "pipe", file] as const) {
		const { child, lines } = start(context, command, stdin);
		await until("it has ended", () => child.exitCode !== null);
		assert.equal(child.exitCode, 2);
		assert.deepEqual(lines(), [
			"descriptor 0 is no listening socket: --inherit is for a web server's configuration, such as lighttpd's bin-path",
		]);
	}
});
