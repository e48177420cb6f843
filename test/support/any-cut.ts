// Proves a byte-fed stage indifferent to how its input is cut: whole, byte by byte, at every single place for small
// inputs, and at seeded random places. The pushed buffers are overwritten afterwards, so a kept view shows, too.

import assert from "node:assert/strict";
import type { Stage } from "../../src/stage.js";

/** Inputs up to this many bytes are cut at every place; longer ones at `RANDOM_CUTS` random sets of places. */
const EVERY_CUT_UP_TO = 2000;
const RANDOM_CUTS = 20;

/** Runs the stage over `input` cut in all ways and compares what it hands out, as `describe` tells it. */
export function assertCutBlind<Out>(
	makeStage: () => Stage<Buffer, Out>,
	input: Buffer,
	describe: (output: Out) => unknown = frozen,
): void {
	const whole = runCut(makeStage(), input, [], describe);
	const check = (cuts: readonly number[], how: string) =>
		assert.deepEqual(runCut(makeStage(), input, cuts, describe), whole, how);
	check(
		Array.from({ length: Math.min(input.length, 5000) }, (_, i) => i + 1),
		"byte by byte",
	);
	if (input.length <= EVERY_CUT_UP_TO) {
		for (let at = 1; at < input.length; at++) check([at], `cut at ${at}`);
	}
	const random = seededRandom(input.length);
	for (let round = 0; round < RANDOM_CUTS; round++) {
		const cuts = Array.from({ length: 1 + Math.floor(random() * 40) }, () =>
			Math.floor(random() * input.length),
		).sort((a, b) => a - b);
		check(cuts, `cut at ${cuts.join(", ")}`);
	}
}

/** Pushes `input` in the pieces that `cuts` makes of it and returns everything handed out, described at once. */
export function runCut<Out>(
	stage: Stage<Buffer, Out>,
	input: Buffer,
	cuts: readonly number[],
	describe: (output: Out) => unknown = frozen,
): unknown[] {
	const outputs: unknown[] = [];
	let from = 0;
	for (const to of [...cuts, input.length]) {
		if (to < from) continue;
		const piece = Buffer.from(input.subarray(from, to));
		for (const output of stage.push(piece)) outputs.push(describe(output));
		piece.fill(0xee);
		from = to;
	}
	for (const output of stage.end()) outputs.push(describe(output));
	return outputs;
}

/** A value with every buffer in it replaced by its hex digits: a copy that a later overwrite cannot change. */
export function frozen(value: unknown): unknown {
	if (Buffer.isBuffer(value)) return value.toString("hex");
	if (Array.isArray(value)) return value.map(frozen);
	if (typeof value === "object" && value !== null) {
		return Object.fromEntries(
			[...Object.entries(value), ...computedFields(value)].map(
				([key, field]) => [key, frozen(field)],
			),
		);
	}
	return value;
}

/** What the getters of an object's class say. */
function computedFields(
	value: object,
): readonly (readonly [string, unknown])[] {
	const shape = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value));
	return Object.entries(shape).flatMap(([key, { get }]) =>
		get === undefined || key === "__proto__" ? [] : [[key, get.call(value)]],
	);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
