// Runs the golden cases of test/cases/servers.md: what each of four web servers, nginx in two ways, made of an answer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Chunk } from "../../src/inspect/chunk.js";
import { asServer } from "../../src/servers/index.js";
import { answersOf, describeAnswer, keepingOpen } from "../support/answers.js";
import {
	chunksOf,
	cutChunk,
	type GoldenCase,
	readCases,
} from "../support/case-file.js";

const FILE = new URL("../../../test/cases/servers.md", import.meta.url);

/** The columns: the servers' names, and nginx with `fastcgi_keep_conn`. */
const COLUMNS = ["nginx", "nginx-keep", "lighttpd", "apache", "haproxy"];

for (const golden of readCases(readFileSync(fileURLToPath(FILE), "utf8"))) {
	if (golden.as === undefined) continue;
	const expected = golden.as;
	test(`servers: ${golden.name}`, () => {
		assert.deepEqual(said(golden, chunksOf(golden)), expected);
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
				assert.deepEqual(
					said(golden, cut),
					expected,
					`step ${index}, at ${at}`,
				);
			}
		}
	});
}

/** What all columns say, as the lines of an `as` fence. */
function said(_golden: GoldenCase, chunks: readonly Chunk[]): string[] {
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
