import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { CAPTURES, run } from "../support/cli.js";

test("--version is the package's", async () => {
	const { version } = JSON.parse(
		readFileSync(`${CAPTURES}../package.json`, "utf8"),
	) as { version: string };
	const result = await run(["--version"]);
	assert.deepEqual(result, { code: 0, stdout: `${version}\n`, stderr: "" });
});

for (const args of [[], ["--help"], ["help"]]) {
	test(`fcgi-inspect ${args.join(" ")} is help with examples first`, async () => {
		const result = await run(args);
		assert.equal(result.code, 0);
		assert.match(result.stdout, /^Examples:\n {2}fcgi-inspect /);
		assert.match(result.stdout, /\n {2}decode /);
	});
}

test("the help of decode has examples and every format", async () => {
	const result = await run(["decode", "--help"]);
	assert.equal(result.code, 0);
	assert.match(result.stdout, /^Examples:\n/);
	for (const { name, summary } of OUTPUT_FORMATS) {
		assert.ok(result.stdout.includes(`  ${name.padEnd(9)} ${summary}\n`), name);
	}
});

test("no line of help is wider than a terminal", async () => {
	for (const args of [["--help"], ["decode", "--help"]]) {
		for (const line of (await run(args)).stdout.split("\n")) {
			assert.ok(line.length <= 80, line);
		}
	}
});
