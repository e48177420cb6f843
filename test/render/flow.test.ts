import assert from "node:assert/strict";
import { test } from "node:test";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { textWidth } from "../../src/render/width.js";
import { join, type Stage } from "../../src/stage.js";
import { assertCutBlind } from "../support/any-cut.js";
import {
	answer,
	begin,
	chunk,
	connection,
	end,
	endedRequest,
	formatNamed,
	get,
	inspect,
	newFinding,
	options,
	params,
	record,
	recordEvent,
	render,
	renderEvents,
} from "../support/events.js";
import { CONVERSATIONS } from "./conversations.js";

process.env.TZ = "UTC";

const where = connection();
const ASK = Buffer.concat([
	get(1, "/one", 1),
	begin(2),
	params(2, { REQUEST_METHOD: "POST", REQUEST_URI: "/two" }),
	record("stdin", 2, "abc"),
	record("stdin", 2, "defg"),
	record("stdin", 2),
]);
const TELL = Buffer.concat([
	record("stderr", 2, "warn: Zo\xc3"),
	record("stdout", 1, "Status: 201 Created\r\nX-A"),
	record("stdout", 1, ": b\r\n\r\nbody"),
	record("stderr", 2, "more\nlines"),
	answer(2, "\r\n"),
	end(1, 3),
]);

/** Bytes of one direction to text; the other direction is said before or after, in one piece. */
function talk(
	cutDirection: "webServer" | "application",
): Stage<Buffer, string> {
	const stage = join(new Inspector(), formatNamed("flow").create(options()));
	if (cutDirection === "application")
		stage.push(chunk(where, "webServer", ASK));
	return {
		push: (bytes) => stage.push(chunk(where, cutDirection, bytes)),
		end: () => {
			const rest =
				cutDirection === "webServer"
					? stage.push(chunk(where, "application", TELL))
					: [];
			return [...rest, ...stage.end()];
		},
	};
}

test("the conversation is the same however the application's bytes are cut", () => {
	assertCutBlind(() => talk("application"), TELL);
});

test("the conversation is the same however the web server's bytes are cut", () => {
	assertCutBlind(() => talk("webServer"), ASK);
});

test("each line is there as soon as its event is", () => {
	const stage = formatNamed("flow").create(options());
	let text = "";
	const seen: string[] = [];
	const steps: readonly (readonly [Buffer, "webServer" | "application"])[] = [
		[begin(1), "webServer"],
		[params(1, { REQUEST_METHOD: "GET", REQUEST_URI: "/x" }), "webServer"],
		[record("stderr", 1, "no newline"), "application"],
		[record("stdout", 1, "X: y\r\n\r\n"), "application"],
		[end(1), "application"],
	];
	const inspector = new Inspector();
	for (const [bytes, from] of steps) {
		for (const event of inspector.push(chunk(where, from, bytes))) {
			text += stage.push(event).join("");
		}
		seen.push(text.trimEnd().split("\n").at(-1) ?? "");
	}
	assert.deepEqual(seen, [
		"#1  127.0.0.1:40000 > 127.0.0.1:9000  id 1  RESPONDER  22:13:20.000",
		">   REQUEST_URI     /x",
		"< ! no newline",
		"<   X  y",
		"* application: probably php (no empty STDOUT record, padded to 8)",
	]);
});

test("every change from one request to another is headed", () => {
	const text = render("flow", [
		chunk(where, "webServer", get(1, "/a")),
		chunk(where, "webServer", get(2, "/b")),
		chunk(where, "application", answer(1, "A: 1\r\n\r\n")),
		chunk(where, "application", answer(2, "B: 1\r\n\r\n")),
	]);
	assert.deepEqual(text.match(/^#.*/gm), [
		"#1  127.0.0.1:40000 > 127.0.0.1:9000  id 1  RESPONDER  22:13:20.000",
		"#2  127.0.0.1:40000 > 127.0.0.1:9000  id 2  RESPONDER  22:13:20.000",
		"#1 (continued)  GET /a",
		"#2 (continued)  GET /b",
	]);
});

test("a day is told when it begins, not with each time", () => {
	const at = (ms: number) => [
		chunk(where, "webServer", get(1, "/"), ms),
		chunk(where, "application", answer(1, "\r\n"), ms),
	];
	const text = render("flow", [...at(0), ...at(1000), ...at(86_400_000)]);
	assert.deepEqual(text.match(/^\* times.*/gm), [
		"* times of 2023-11-14, UTC+00:00",
		"* times of 2023-11-15, UTC+00:00",
	]);
});

test("a finding at a record is not told again at the end of its request", () => {
	const finding = newFinding({ code: "some-code" });
	const late = newFinding({
		code: "some-code",
		message: "late",
		severity: "note",
	});
	const request = endedRequest({ findings: [finding, late] });
	const events: FcgiEvent[] = [
		recordEvent({ type: 5 }, { request, findings: [finding] }),
		{
			kind: "requestEnded",
			connection: request.connection,
			timestamp: undefined,
			request,
			findings: [late],
		},
	];
	assert.deepEqual(renderEvents("flow", events).match(/^\* [EWN] .*/gm), [
		"* E evidence (some-code, section 3.3)",
		"* N late (some-code, section 3.3)",
	]);
});

test("how a connection closed is told where a request of it did not end", () => {
	const closing = (answered: boolean, closes: "fin" | "rst") =>
		render("flow", [
			chunk(where, "webServer", get(1, "/")),
			chunk(
				where,
				"application",
				answered ? answer(1, "\r\n") : Buffer.alloc(0),
				1,
				{ closes },
			),
			chunk(where, "webServer", Buffer.alloc(0), 2, { closes: "fin" }),
		]).match(/^\* connection.*/gm);
	assert.equal(closing(true, "fin"), null);
	assert.deepEqual(closing(true, "rst"), [
		"* connection reset by the application",
	]);
	assert.deepEqual(closing(false, "fin"), [
		"* connection closed by the application",
	]);
});

test("a flood of the same unexpected record is one line and a count", () => {
	const flood = Buffer.concat(
		Array.from({ length: 50 }, () => record("stdout", 7, "late")),
	);
	const text = render("flow", [
		chunk(where, "webServer", get(1, "/")),
		chunk(where, "application", flood),
		chunk(where, "application", record("stderr", 7, "x")),
	]);
	assert.equal(text.match(/^\* E FCGI_STDOUT .*wrong-request-id/gm)?.length, 1);
	assert.doesNotMatch(text, /unexpected < STDOUT/);
	assert.match(text, /^\* 49 more records like it\n\* unexpected < STDERR/m);
	assert.match(text, /^\* E found 51 times in this request/m);
});

test("no line is wider than the terminal", () => {
	for (const columns of [40, 80, 200]) {
		for (const [name, chunks] of Object.entries(CONVERSATIONS)) {
			for (const line of render("flow", chunks, { columns }).split("\n")) {
				assert.ok(textWidth(line) <= columns, `${name}, ${columns}: ${line}`);
			}
		}
	}
});

test("without a terminal nothing is cut", () => {
	const value = "x".repeat(5000);
	const text = render("flow", [
		chunk(
			where,
			"webServer",
			Buffer.concat([begin(1), params(1, { LONG: value })]),
		),
	]);
	assert.ok(text.includes(value));
});

test("a request of very many parameters is no trouble", () => {
	const content = Buffer.alloc(60_000 * 5);
	for (let at = 0; at < content.length; at += 5) {
		content.set([1, 2, 65, 66, 67], at);
	}
	const pieces: Buffer[] = [begin(1)];
	for (let at = 0; at < content.length; at += 60_000) {
		pieces.push(record("params", 1, content.subarray(at, at + 60_000)));
	}
	pieces.push(record("params", 1));
	let lines = 0;
	const stage = formatNamed("flow").create(options({ columns: 80 }));
	inspect([chunk(where, "webServer", Buffer.concat(pieces))], (event) => {
		for (const text of stage.push(event)) lines += text.split("\n").length - 1;
	});
	assert.ok(lines > 60_000, `${lines} lines`);
});
