// What refused connections are said to be, by what the system really says of them.

import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { type Address, netOptions } from "../../src/live/address.js";
import { whyRefused } from "../../src/live/why-refused.js";
import { temporaryFolder } from "../support/door.js";

async function whyNot(to: Address): Promise<string> {
	const [error] = await once(connect(netOptions(to)), "error").catch(
		(error) => [error],
	);
	return whyRefused(error, to);
}

test("a file that is no socket is said to be none", async (t) => {
	const path = join(temporaryFolder(t), "file");
	writeFileSync(path, "");
	assert.equal(
		await whyNot({ kind: "unix", path }),
		"is not a socket (ECONNREFUSED)",
	);
});

test("a port that nobody listens on is said to be that", async () => {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const port = typeof address === "object" ? (address?.port ?? 1) : 1;
	server.close();
	await once(server, "close");
	assert.equal(
		await whyNot({ kind: "tcp", host: "127.0.0.1", port }),
		"nobody listens there (ECONNREFUSED)",
	);
});

test("where a host was meant, the port is asked for", async (t) => {
	const path = join(temporaryFolder(t), "none.sock");
	assert.equal(await whyNot({ kind: "unix", path }), "no such socket (ENOENT)");
	assert.match(
		await whyNot({ kind: "unix", path: "no-such-host" }),
		/^no such socket in this folder; a host has its port .*\(ENOENT\)$/,
	);
});
