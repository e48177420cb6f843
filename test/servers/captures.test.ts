// Shows the shipped captures of healthy conversations to all servers: each passes the application's status on, and its log
// has what came on STDERR, and nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { asServer, WEB_SERVERS } from "../../src/servers/index.js";
import { eachEvent } from "../support/decoded.js";
import type { TrueFile } from "../support/truth.js";

const CAPTURES = fileURLToPath(new URL("../../../captures/", import.meta.url));
const TRUTH: readonly TrueFile[] = JSON.parse(
	readFileSync(`${CAPTURES}truth.json`, "utf8"),
);

/** Conversations that are odd on purpose. */
const ODD = /^26-/;
/** Conversations with more than one request on a connection at a time, which most servers never have. */
const MULTIPLEXED = /^14/;

/** What a line of a log has to be if nothing is wrong: text of STDERR, or HAProxy's state of a session. */
const HARMLESS =
	/^\[error\] FastCGI sent in stderr: |AH01071: Got error '|FastCGI-stderr:|^app: |^state ---- status \d+$/;

const HEALTHY = TRUTH.filter(
	({ file, damaged, truth }) =>
		!damaged && truth.records > 0 && !ODD.test(file),
);

test("there are healthy captures enough", () => {
	assert.ok(HEALTHY.length > 30, `only ${HEALTHY.length}`);
});

for (const { file } of HEALTHY) {
	for (const { name, multiplexes } of WEB_SERVERS) {
		test(`${file}: ${name} passes on what is healthy`, async () => {
			const stage = asServer(name);
			await eachEvent(`${CAPTURES}${file}`, (event) => {
				const [same] = stage.push(event);
				assert.equal(same, event);
				if (event.kind !== "requestEnded") return;
				const { request } = event;
				const { serverAnswer, response, role, stderr, state } = request;
				if (state !== "complete" || !request.beginSeen) return;
				const said = multiplexes || !MULTIPLEXED.test(file);
				const missing = request.stdout.missing > 0 || request.damaged;
				if (role !== 1 || !said || missing) {
					assert.equal(serverAnswer, undefined);
					return;
				}
				assert.equal(serverAnswer?.status, String(response?.status));
				assert.equal(serverAnswer.remark, "");
				for (const line of serverAnswer.log) assert.match(line, HARMLESS);
				const lines = serverAnswer.log.filter((l) => !l.startsWith("state"));
				assert.equal(lines.length > 0, stderr.bytes > 0);
			});
		});
	}
}
