// How long an application that ended is waited with.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	BackOff,
	FIRST_WAIT_MS,
	LONGEST_WAIT_MS,
	QUICK_IN_A_ROW,
	QUICK_MS,
	RAN_WELL_MS,
} from "../../../src/live/spawn/back-off.js";

test("each failure doubles the wait, up to the longest", () => {
	const backOff = new BackOff();
	const waits = Array.from({ length: 7 }, () => backOff.after(5, 1));
	assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
	assert.equal(waits[0], FIRST_WAIT_MS);
	assert.equal(waits[6], LONGEST_WAIT_MS);
});

test("a failure after a good run is a first one", () => {
	const backOff = new BackOff();
	for (let time = 0; time < 4; time++) backOff.after(5, undefined);
	assert.equal(backOff.after(RAN_WELL_MS, 1), FIRST_WAIT_MS);
	assert.equal(backOff.after(RAN_WELL_MS - 1, 1), 2 * FIRST_WAIT_MS);
});

test("an exit on purpose waits for nothing, and forgets failures", () => {
	const backOff = new BackOff();
	backOff.after(5, 1);
	backOff.after(5, 1);
	assert.equal(backOff.after(5, 0), 0);
	assert.equal(backOff.after(5, 1), FIRST_WAIT_MS);
});

test("a program that exits at once each time has to wait, but never long", () => {
	const backOff = new BackOff();
	const waits = Array.from({ length: QUICK_IN_A_ROW + 3 }, () =>
		backOff.after(QUICK_MS - 1, 0),
	);
	const free = Array.from({ length: QUICK_IN_A_ROW }, () => 0);
	assert.deepEqual(waits, [...free, 1000, 1000, 1000]);
	assert.equal(backOff.after(QUICK_MS, 0), 0);
	assert.equal(backOff.after(QUICK_MS - 1, 0), 0);
});
