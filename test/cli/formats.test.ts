import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPTURE_FORMATS } from "../../src/capture/index.js";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { CAPTURES, run } from "../support/cli.js";

test("formats lists every form, for people and for programs", async () => {
	const { stdout: text } = await run(["formats"]);
	const { stdout: json } = await run(["formats", "--json"]);
	const lists = JSON.parse(json) as Record<string, { name: string }[]>;
	const names = (of: readonly { name: string }[]) => of.map(({ name }) => name);
	assert.deepEqual(names(lists.input ?? []), names(CAPTURE_FORMATS));
	assert.deepEqual(names(lists.output ?? []), names(OUTPUT_FORMATS));
	assert.ok(names(lists.refused ?? []).includes("xz"));
	for (const name of [...names(CAPTURE_FORMATS), ...names(OUTPUT_FORMATS)]) {
		assert.match(text, new RegExp(`^  ${name} +\\S`, "m"));
	}
});

test("what can be read and printed fits a terminal", async () => {
	const { stdout } = await run(["formats"]);
	const [lists = ""] = stdout.split("Known, and not read:");
	for (const line of lists.split("\n")) assert.ok(line.length <= 80, line);
});

test("names of formats are words that can be typed, and each is there once", () => {
	const names = CAPTURE_FORMATS.map(({ name }) => name);
	for (const name of names) assert.match(name, /^[a-z0-9-]+$/i);
	assert.equal(new Set(names).size, names.length);
});

test("an input format that is none is refused", async () => {
	const { code, stderr } = await run([
		...["decode", "--input-format", "foo"],
		`${CAPTURES}01-nginx-fpm-basic.pcap`,
	]);
	assert.equal(code, 2);
	assert.equal(
		stderr,
		"fcgi-inspect: unknown input format 'foo' (fcgi-inspect formats lists them)\n",
	);
});
