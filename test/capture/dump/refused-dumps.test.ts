import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Head } from "../../../src/capture/head.js";
import { refusedFormatOf } from "../../../src/capture/index.js";
import { formatsFor } from "../../support/dumped.js";

const HEX = fileURLToPath(
	new URL("../../../../captures/hex/", import.meta.url),
);

const refused = (text: string | Buffer) =>
	refusedFormatOf(new Head(Buffer.from(text as string, "latin1"), true))?.name;

for (const [name, tool, ...args] of [
	["what cat -v shows", "cat", "-v"],
	["od -a", "od", "-a"],
] as const) {
	for (const file of ["request.bin", "response.bin"]) {
		const { error, status, stdout } = spawnSync(tool, [...args, HEX + file], {
			encoding: "latin1",
		});
		const skip = error !== undefined || status !== 0;
		test(`${name} of ${file} is refused by name`, { skip }, () => {
			assert.deepEqual(formatsFor(stdout), []);
			assert.equal(refused(stdout), name);
			assert.equal(refused(`Look:\n\n${stdout}`), name);
		});
	}
}

test("what is read is not refused, and neither is prose", () => {
	for (const file of readdirSync(HEX)) {
		if (!/^(?:request|response).*\.txt$/.test(file)) continue;
		assert.equal(refused(readFileSync(HEX + file)), undefined, file);
	}
	assert.equal(refused("Press ^A^C to start.\n"), undefined);
	assert.equal(refused("0000000 some words\n"), undefined);
});
