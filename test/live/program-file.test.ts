// The keeper's program is found and runs, as it is compiled and as it is bundled.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { programFile } from "../../src/live/program-file.js";
import type { Order, Report } from "../../src/live/spawn/keeper-messages.js";

const DIST = fileURLToPath(new URL("../../../dist/", import.meta.url));
const KEEPER = "live/spawn/keeper.js";
const PLACES = {
	compiled: programFile(KEEPER),
	"bundled, asked for by a chunk": bundledFor("tap-ABCDEFGH.js"),
	"bundled, asked for by the command": bundledFor("cli/main.js"),
};

function bundledFor(file: string): string {
	const script = programFile(KEEPER, pathToFileURL(DIST + file).href);
	assert.equal(script, DIST + KEEPER);
	return script;
}

for (const [place, script] of Object.entries(PLACES)) {
	test(`the keeper runs: ${place}`, async (context) => {
		const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-keeper-"));
		const keeper = spawn(process.execPath, [script, folder], {
			stdio: ["ignore", "ignore", "inherit", "ipc"],
		});
		context.after(() => keeper.kill("SIGKILL"));
		const reports: Report[] = [];
		keeper.on("message", (report: Report) => reports.push(report));
		const order: Order = {
			kind: "run",
			command: ["sleep", "60"],
			workers: 1,
			env: {},
			graceMs: 500,
		};
		keeper.send(order);
		await once(keeper, "message");
		assert.equal(reports[0]?.kind, "started");
		keeper.send({ kind: "end" } satisfies Order);
		assert.deepEqual(await once(keeper, "exit"), [0, null]);
		assert.equal(reports.length, 1);
	});
}
