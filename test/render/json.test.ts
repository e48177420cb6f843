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

test("with records, bytes that are none stand between them, and what is missing is said", () => {
	const where = connection();
	const chunks = [
		chunk(where, "webServer", get(1, "/")),
		chunk(where, "webServer", Buffer.from("GET / HTTP/1.1\r\n\r\n")),
		chunk(where, "application", answer(1, "x"), 0, { missingBefore: 9 }),
		chunk(where, "application", Buffer.alloc(5000, 0xff)),
	];
	const skipped = (content: boolean) =>
		render("ndjson", chunks, { records: true, content })
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line))
			.filter(({ kind }) => kind === "skipped");
	const time = 1_700_000_000;
	const place = { kind: "skipped", time, connection: 0 };
	const text = "GET / HTTP/1.1\r\n\r\n";
	const [missing, ...there] = skipped(true).sort((a, b) =>
		a.reason < b.reason ? -1 : 1,
	);
	assert.deepEqual(missing, {
		...place,
		from: "application",
		offset: 0,
		length: 9,
		reason: "missing",
	});
	assert.deepEqual(
		there.map(({ length }) => length).sort((a, b) => a - b),
		[18, 904, 4096],
	);
	const first = there.find(({ from }) => from === "webServer");
	assert.deepEqual(first.content, { text });
	assert.equal(first.reason, "noRecord");
	assert.ok(skipped(false).every((object) => object.content === undefined));
});
