// A short run of `npm run fuzz`, always the same, so that what breaks is what was changed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runCase, samples } from "./cases.js";

const CASES = 400;

test(`${CASES} damaged files are read to their end`, () => {
	const files = samples();
	assert.ok(files.length > 50);
	const formats = new Set<string>();
	for (let seed = 1; seed <= CASES; seed++) {
		try {
			formats.add(runCase(seed, files).format);
		} catch (error) {
			assert.fail(`seed ${seed}: ${(error as Error).stack}`);
		}
	}
	assert.ok(formats.size > 2);
});
