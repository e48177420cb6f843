// Options of `send` that cannot be meant: each is one line that says what is wrong, before anything is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../support/cli.js";

const REFUSED: readonly (readonly [readonly string[], string])[] = [
	[
		["--abort-after", "soon"],
		"'soon' is no time and no number of records: 50ms, 2s, or 3",
	],
	[
		["--abort-after", "1\u001b[31m"],
		"'1\\x1b[31m' is no time and no number of records: 50ms, 2s, or 3",
	],
	// An array of so many requests would be all of the memory.
	[
		["--multiplex", "999999999"],
		"--multiplex is at most 65535: so many ids there are",
	],
	[["-d", "@/tmp"], "/tmp: is a directory"],
	[["--role", "filter", "--data", "/tmp"], "/tmp: is a directory"],
	[
		["--params", "/dev/zero"],
		"/dev/zero:1: more than 67108864 bytes; no request has so many parameters",
	],
];

for (const [args, message] of REFUSED) {
	test(`${JSON.stringify(args)} is refused in one line`, async () => {
		const { code, stdout, stderr } = await run([
			"send",
			"--dry-run",
			"-P",
			"A=b",
			...args,
		]);
		assert.equal(stderr, `fcgi-inspect: ${message}\n`);
		assert.equal(stdout, "");
		assert.equal(code, 2);
	});
}
