// Runs the golden cases of test/cases that have an `as` fence: what each of four web servers, nginx in two ways, made of an answer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Chunk } from "../../src/inspect/chunk.js";
import { asServer } from "../../src/servers/index.js";
import { answersOf, describeAnswer, keepingOpen } from "../support/answers.js";
import { chunksOf, cutChunk, readCases } from "../support/case-file.js";

const FILES = ["servers.md", "servers-edges.md"];
const CASES = new URL("../../../test/cases/", import.meta.url);

/** The columns: the servers' names, and nginx with `fastcgi_keep_conn`. */
const COLUMNS = ["nginx", "nginx-keep", "lighttpd", "apache", "haproxy"];

const read = (file: string) =>
	readCases(readFileSync(fileURLToPath(new URL(file, CASES)), "utf8"));

for (const golden of FILES.flatMap(read)) {
	if (golden.as === undefined) continue;
	const expected = golden.as;
	test(`servers: ${golden.name}`, () => {
		assert.deepEqual(said(chunksOf(golden)), expected);
	});
	test(`servers: ${golden.name}, however it is cut`, () => {
		const chunks = chunksOf(golden);
		const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
		const places = bytes > 4000 ? [1, 7, 8, 9, 50] : undefined;
		for (const [index, chunk] of chunks.entries()) {
			if (chunk.from !== "application") continue;
			for (const at of places ?? chunk.bytes.keys()) {
				if (at === 0 || at >= chunk.bytes.length) continue;
				const cut = [...chunks];
				cut.splice(index, 1, ...cutChunk(chunk, at));
				assert.deepEqual(said(cut), expected, `step ${index}, at ${at}`);
			}
		}
	});
}

/** What all columns say, as the lines of an `as` fence. */
function said(chunks: readonly Chunk[]): string[] {
	return COLUMNS.flatMap((column) => {
		const keep = column === "nginx-keep";
		const answers = answersOf(
			asServer(keep ? "nginx" : column),
			keep ? keepingOpen(chunks) : chunks,
		);
		assert.equal(answers.length, 1, "one request");
		return answers.flatMap((answer) =>
			answer === undefined ? [] : describeAnswer(answer, column),
		);
	});
}
