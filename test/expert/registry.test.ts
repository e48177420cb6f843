// What holds of all checks: names, words, and an example that is what their golden case says.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CHECKS } from "../../src/expert/index.js";
import { readCases } from "../support/case-file.js";

const CASES = fileURLToPath(new URL("../../../test/cases/", import.meta.url));

/** The `findings` lines of all golden cases. */
const found = readdirSync(CASES)
	.filter((file) => file.endsWith(".md"))
	.flatMap((file) => readCases(readFileSync(`${CASES}${file}`, "utf8")))
	.flatMap(({ findings = [] }) => findings);

test("names of findings are words with hyphens, each of one check", () => {
	const codes = CHECKS.map(({ code }) => code);
	assert.equal(new Set(codes).size, codes.length);
	for (const code of codes) assert.match(code, /^[a-z]+(-[a-z0-9]+)*$/);
});

for (const check of CHECKS) {
	const { code, severity, detail, example, summary, diagnosis } = check;
	test(`${code} has a golden case, and its example is from it`, () => {
		const messages = found
			.map((line) => /^\w+ ([\w-]+).*?: (.*)$/.exec(line))
			.filter((match) => match?.[1] === code)
			.map((match) => match?.[2]);
		assert.ok(messages.length > 0, "no case");
		assert.ok(messages.includes(example), messages.join("\n"));
	});
	test(`${code} has words that fit where they stand`, () => {
		for (const text of [summary, diagnosis, example]) {
			assert.match(text, /^\S.*[^.\s]$/s, "no blank around, no end stop");
			assert.doesNotMatch(text, /[\p{Cc}]/u);
		}
		for (const text of Object.values(check.remedies)) {
			assert.match(text, /^\S.*[^.\s]$/);
		}
		if (detail) assert.equal(severity, "note");
	});
}
