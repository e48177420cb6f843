import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "../../src/inspect/chunk.js";
import { timesText } from "../../src/render/flow-times.js";
import {
	answer,
	chunk,
	connection,
	end,
	get,
	inspect,
	record,
	START,
} from "../support/events.js";

/** The times of the requests of some chunks, in the order in which they ended. */
function times(chunks: readonly Chunk[]): (string | undefined)[] {
	const texts: (string | undefined)[] = [];
	inspect(chunks, (event) => {
		if (event.kind === "requestEnded") texts.push(timesText(event.request));
	});
	return texts;
}

const where = connection(0, { openedAt: START - 0.02 });

test("an answer at once: its first byte and its end, and a connection that waited for its first record", () => {
	assert.deepEqual(
		times([
			chunk(where, "webServer", get(1, "/", 1)),
			chunk(where, "application", answer(1, "\r\nhello"), 30),
			chunk(where, "webServer", get(1, "/", 1), 2030),
			chunk(where, "application", answer(1, "\r\nhello"), 2040),
		]),
		[
			"connection opened 20.0 ms before, first byte after 30.0 ms, end after 30.0 ms",
			"connection idle for 2.000 s before, first byte after 10.0 ms, end after 10.0 ms",
		],
	);
});

test("an answer that comes bit by bit is told from one that comes at once", () => {
	const bit = (ms: number) =>
		chunk(where, "application", record("stdout", 1, "\r\ndata"), ms);
	assert.deepEqual(
		times([
			chunk(where, "webServer", get(1, "/")),
			...[10, 510, 515, 1510].map(bit),
			chunk(where, "application", end(1), 1520),
		]),
		[
			"connection opened 20.0 ms before, first byte after 10.0 ms, end after 1.520 s; the answer came in 3 bursts; longest silence 995 ms",
		],
	);
});

test("a slow script with an answer at once has one burst", () => {
	const [text] = times([
		chunk(connection(1), "webServer", get(1, "/")),
		chunk(connection(1), "application", answer(1, "\r\nhello"), 3000),
	]);
	assert.doesNotMatch(text ?? "", /burst/);
});
