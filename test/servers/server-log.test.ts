import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptBytes } from "../../src/servers/kept-bytes.js";
import {
	escapedText,
	MAX_LOG_LINE,
	MAX_LOG_LINES,
	ServerLog,
} from "../../src/servers/server-log.js";

test("lines beyond the most are counted, and long ones cut", () => {
	const log = new ServerLog(new KeptBytes({ bytes: 0 }));
	for (let i = 0; i < MAX_LOG_LINES + 3; i++) log.add("x".repeat(10_000));
	assert.equal(log.lines.length, MAX_LOG_LINES + 1);
	assert.equal(log.lines.at(-1), "… 3 more lines …");
	assert.equal(log.lines[0]?.length, MAX_LOG_LINE + 1);
});

test("text is escaped as lighttpd and Apache were seen to do it", () => {
	const bytes = Buffer.from('ü\u0001 "q" \\ \t\r\n', "utf8");
	const lighttpd = '\\xc3\\xbc\\x01 "q" \\ \\t\\r\\n';
	assert.equal(escapedText(bytes, false), lighttpd);
	assert.equal(escapedText(bytes, true), lighttpd.replace(" \\ ", " \\\\ "));
});
