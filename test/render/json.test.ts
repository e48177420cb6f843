import assert from "node:assert/strict";
import { test } from "node:test";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { NO_SUMMARY } from "../../src/render/summary.js";
import {
	answer,
	chunk,
	connection,
	endedRequest,
	get,
	render,
	renderEvents,
} from "../support/events.js";

const ended = (number: number): FcgiEvent => {
	const request = endedRequest({ number });
	const { connection } = request;
	return {
		kind: "requestEnded",
		connection,
		timestamp: undefined,
		request,
		findings: [],
	};
};

test("json is one array, whatever the number of objects", () => {
	for (const numbers of [[], [1], [1, 2, 3]]) {
		const text = renderEvents("json", numbers.map(ended));
		const objects = JSON.parse(text) as { number: number }[];
		assert.deepEqual(
			objects.map(({ number }) => number),
			numbers,
		);
		assert.ok(text.endsWith("]\n"), "the array ends with its line");
	}
});

test("ndjson is one object a line, and the last is the summary", () => {
	const text = renderEvents("ndjson", [ended(1), ended(2)], {
		summary: () => ({ ...NO_SUMMARY, requests: 2 }),
	});
	const kinds = text
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line).kind);
	assert.deepEqual(kinds, ["request", "request", "summary"]);
});

test("the summary is asked for once, after the last event", () => {
	let asked = 0;
	const summary = () => {
		asked++;
		return NO_SUMMARY;
	};
	renderEvents("ndjson", [ended(1)], { summary });
	assert.equal(asked, 1);
});

test("with records, there are records in place of requests", () => {
	const where = connection();
	const text = render(
		"json",
		[
			chunk(where, "webServer", get(1, "/")),
			chunk(where, "application", answer(1, "\r\n")),
		],
		{ records: true },
	);
	const types = (JSON.parse(text) as { typeName: string }[]).map(
		({ typeName }) => typeName,
	);
	assert.deepEqual(types, [
		"FCGI_BEGIN_REQUEST",
		"FCGI_PARAMS",
		"FCGI_PARAMS",
		"FCGI_STDIN",
		"FCGI_STDOUT",
		"FCGI_END_REQUEST",
	]);
});
