// Runs the golden cases of test/cases: whole, byte by byte, and cut at every place; and encodes their records back.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CHECKS } from "../src/expert/index.js";
import { draftOf, encodeRecord } from "../src/fastcgi/record-encoder.js";
import type { Chunk } from "../src/inspect/chunk.js";
import type { FcgiEvent } from "../src/inspect/event.js";
import type { Finding } from "../src/inspect/finding.js";
import { Inspector } from "../src/inspect/inspector.js";
import {
	chunksOf,
	cutChunk,
	type GoldenCase,
	readCases,
} from "./support/case-file.js";
import { describeEvent, describeFinding } from "./support/described-event.js";

const CASES = fileURLToPath(new URL("../../test/cases/", import.meta.url));

for (const file of readdirSync(CASES).sort()) {
	if (!file.endsWith(".md")) continue;
	const cases = readCases(readFileSync(`${CASES}${file}`, "utf8"));
	assert.ok(cases.length > 0, `no cases in ${file}`);
	for (const golden of cases) {
		const name = `${file.replace(/\.md$/, "")}: ${golden.name}`;
		const { events, findings } = golden;
		if (events !== undefined) {
			const said = (chunks: readonly Chunk[]) => inspected(chunks);
			test(name, () => assert.deepEqual(said(chunksOf(golden)), events));
			test(`${name}, however it is cut`, () => {
				checkCuts(golden, said, events);
			});
		}
		if (findings !== undefined) {
			test(`${name}: findings`, () => {
				assert.deepEqual(found(chunksOf(golden)), findings);
			});
			test(`${name}: findings, however it is cut`, () => {
				checkCuts(golden, found, findings);
			});
		}
		test(`${name}, encoded back`, () => checkLossless(golden));
	}
}

/** The findings of chunks, in the order in which they are said, as they stand at the end. */
function found(chunks: readonly Chunk[]): string[] {
	const inspector = new Inspector({ checks: CHECKS });
	const findings: Finding[] = [];
	for (const chunk of chunks) {
		const bytes = Buffer.from(chunk.bytes);
		for (const event of inspector.push({ ...chunk, bytes })) {
			findings.push(...event.findings);
		}
		bytes.fill(0xee);
	}
	for (const event of inspector.end()) findings.push(...event.findings);
	return findings.map(describeFinding);
}

function inspected(chunks: readonly Chunk[]): string[] {
	const inspector = new Inspector();
	const lines: string[] = [];
	const tell = (event: FcgiEvent) => {
		if (event.kind !== "skippedPiece") lines.push(describeEvent(event));
	};
	for (const chunk of chunks) {
		const bytes = Buffer.from(chunk.bytes);
		inspector.push({ ...chunk, bytes }).forEach(tell);
		bytes.fill(0xee);
	}
	inspector.end().forEach(tell);
	return lines;
}

function checkCuts(
	golden: GoldenCase,
	said: (chunks: readonly Chunk[]) => string[],
	expected: readonly string[],
): void {
	const chunks = chunksOf(golden);
	const bytewise = chunks.flatMap((chunk) => {
		const pieces: Chunk[] = [];
		let rest = chunk;
		while (rest.bytes.length > 1) {
			const [head, tail] = cutChunk(rest, 1) as [Chunk, Chunk];
			pieces.push(head);
			rest = tail;
		}
		return [...pieces, rest];
	});
	assert.deepEqual(said(bytewise), expected, "byte by byte");
	for (const [index, chunk] of chunks.entries()) {
		for (const at of places(chunk.bytes.length)) {
			const cut = [...chunks];
			cut.splice(index, 1, ...cutChunk(chunk, at));
			assert.deepEqual(said(cut), expected, `step ${index + 1} cut at ${at}`);
		}
	}
}

/** Every place, or, where there are very many, those around the beginning and the end and some between. */
function places(length: number): number[] {
	const all = Array.from({ length: Math.max(length - 1, 0) }, (_, i) => i + 1);
	const step = Math.ceil(length / 50);
	return all.length <= 600
		? all
		: all.filter((at) => at < 40 || at > length - 40 || at % step === 0);
}

/** Records and skipped bytes, put together again by their offsets, are the bytes that went in. */
function checkLossless(golden: GoldenCase): void {
	if (golden.steps.some(({ connection }) => connection > 0)) return;
	for (const from of ["webServer", "application"] as const) {
		const chunks = chunksOf(golden).filter((chunk) => chunk.from === from);
		if (chunks.some((chunk) => chunk.missingBefore > 0)) continue;
		const input = Buffer.concat(chunks.map((chunk) => chunk.bytes));
		const inspector = new Inspector();
		const events: FcgiEvent[] = [];
		for (const chunk of chunks) events.push(...inspector.push(chunk));
		events.push(...inspector.end());
		let end = 0;
		for (const event of events) {
			if (event.kind === "bytesSkipped") {
				assert.equal(event.offset, end);
				assert.deepEqual(
					event.firstBytes,
					input.subarray(end, end + event.firstBytes.length),
				);
				end += event.length;
			} else if (event.kind === "record") {
				const { record } = event;
				assert.equal(record.offset, end);
				const encoded = encodeRecord(draftOf(record));
				assert.deepEqual(encoded, input.subarray(end, end + encoded.length));
				end += encoded.length;
			}
		}
		assert.equal(end, input.length, from);
	}
}
