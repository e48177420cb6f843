import assert from "node:assert/strict";
import { test } from "node:test";
import { FcgiInspectError } from "../../../src/errors.js";
import { parseTiming, startsOf } from "../../../src/send/replay/timing.js";
import {
	newChunk,
	newConnection,
	REQUEST,
} from "../../support/conversation.js";
import { recordedIn } from "../../support/replayed.js";

test("a timing is none, original, or a factor", () => {
	assert.equal(parseTiming("none"), undefined);
	assert.equal(parseTiming("original"), 1);
	assert.equal(parseTiming("x2"), 2);
	assert.equal(parseTiming("x0.5"), 0.5);
	for (const text of ["", "2", "x", "x0", "x-1", "fast", "x1e3"]) {
		assert.throws(() => parseTiming(text), FcgiInspectError, text);
	}
});

test("requests start as long after the first as recorded, or sooner", () => {
	const at = (times: readonly (number | undefined)[]) =>
		recordedIn(
			times.map((timestamp, i) =>
				newChunk(newConnection(i), "webServer", REQUEST, { timestamp }),
			),
		);
	const requests = at([1000, 1000.5, 1002]);
	assert.deepEqual(startsOf(requests, 1), [0, 500, 2000]);
	assert.deepEqual(startsOf(requests, 4), [0, 125, 500]);
	assert.deepEqual(startsOf(at([1001, 1000, undefined]), 1), [1000, 0, 0]);
	assert.throws(() => startsOf(at([undefined]), 1), /has no times/);
});
