import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_OPEN_REQUESTS } from "../../src/inspect/request-tracker.js";
import {
	eventsOf,
	newChunk,
	newConnection,
	ofKind,
	REQUEST,
	RESPONSE,
} from "../support/conversation.js";

test("no more requests than the limit are open on a connection", () => {
	const connection = newConnection();
	const begins = Array.from(
		{ length: MAX_OPEN_REQUESTS + 5 },
		(_, i) => `{FCGI_BEGIN_REQUEST, ${i + 1}, {FCGI_RESPONDER, 1}}`,
	);
	const chunks = begins.map((begin) =>
		newChunk(connection, "webServer", begin),
	);
	const events = eventsOf(chunks);
	const began = events.findIndex((event) => event.kind === "requestEnded");
	const first = events[began];
	assert.ok(first?.kind === "requestEnded");
	assert.equal(first.request.requestId, 1, "the oldest goes first");
	const before = ofKind(events.slice(0, began), "requestBegan").length;
	assert.equal(before, MAX_OPEN_REQUESTS + 1);
	assert.equal(ofKind(events, "requestEnded").length, begins.length);
});

test("a request whose BEGIN_REQUEST may have been missed is put together all the same", () => {
	const connection = newConnection(0, { startSeen: false });
	const events = eventsOf([
		newChunk(connection, "application", `${RESPONSE} ${RESPONSE}`),
	]);
	assert.deepEqual(
		ofKind(events, "requestEnded").map(({ request }) => [
			request.beginSeen,
			request.state,
			request.response?.status,
		]),
		[
			[false, "complete", 200],
			[false, "complete", 200],
		],
	);
});

test("an id that was begun after a loss is known again", () => {
	const connection = newConnection();
	const events = eventsOf([
		newChunk(connection, "webServer", REQUEST),
		newChunk(connection, "application", RESPONSE),
		newChunk(connection, "webServer", REQUEST, { missingBefore: 100 }),
		newChunk(connection, "application", RESPONSE),
		newChunk(connection, "application", RESPONSE),
	]);
	const unexpected = ofKind(events, "record").map((event) => event.unexpected);
	assert.deepEqual(unexpected.slice(-4), [
		undefined,
		undefined,
		"endedId",
		"endedId",
	]);
});

test("after a loss nothing is held against a request that was open", () => {
	const connection = newConnection();
	const events = eventsOf([
		newChunk(
			connection,
			"webServer",
			'{FCGI_BEGIN_REQUEST, 1, {1, 0}} {FCGI_PARAMS, 1, [A="1"]}',
		),
		newChunk(
			connection,
			"webServer",
			'{FCGI_STDIN, 1, "x"} {FCGI_STDIN, 1, ""}',
			{
				missingBefore: 50,
			},
		),
		newChunk(connection, "application", RESPONSE),
	]);
	for (const event of ofKind(events, "record")) {
		assert.equal(event.unexpected, undefined);
	}
	const [ended] = ofKind(events, "requestEnded");
	assert.equal(ended?.request.damaged, true);
	assert.equal(ended?.request.parametersDamaged, "missing");
});

const LAGGING = newConnection(0, { inputLags: true });
const BEGUN =
	'{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 1}}\n{FCGI_PARAMS, 1, ""}';
const ANSWER =
	'{FCGI_STDOUT, 1, "\\r\\nhello"}\n{FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}';
const at = (timestamp: number) => ({ timestamp });

test("where input is shown late, a request that was answered waits for the rest of it", () => {
	const events = eventsOf([
		newChunk(LAGGING, "webServer", BEGUN, at(1)),
		newChunk(LAGGING, "application", ANSWER, at(2)),
		newChunk(LAGGING, "application", "", { ...at(3), closes: "fin" }),
		newChunk(LAGGING, "webServer", '{FCGI_STDIN, 1, "ab"}', at(4)),
		newChunk(LAGGING, "webServer", '{FCGI_STDIN, 1, ""}', at(5)),
	]);
	const ended = ofKind(events, "requestEnded");
	assert.equal(ended.length, 1);
	const { request } = ended[0] as (typeof ended)[number];
	assert.equal(request.state, "complete");
	assert.equal(request.endedAt, 2);
	assert.deepEqual([request.stdin.bytes, request.stdin.ended], [2, true]);
	assert.deepEqual(
		ofKind(events, "record").map(({ unexpected }) => unexpected),
		Array.from({ length: 6 }, () => undefined),
	);
});

test("where input is shown late, the next request ends the one that waits, and nothing else is held open", () => {
	const events = eventsOf([
		newChunk(LAGGING, "webServer", BEGUN),
		newChunk(LAGGING, "application", ANSWER),
		newChunk(LAGGING, "webServer", BEGUN),
		newChunk(LAGGING, "application", ANSWER),
		newChunk(LAGGING, "application", '{FCGI_STDOUT, 1, "more"}'),
	]);
	assert.deepEqual(
		ofKind(events, "requestEnded").map(({ request }) => [
			request.number,
			request.state,
			request.stdin.ended,
		]),
		[
			[1, "complete", false],
			[2, "complete", false],
		],
	);
	const unexpected = ofKind(events, "record").map((event) => event.unexpected);
	assert.equal(unexpected.at(-1), "endedId");
	assert.deepEqual(new Set(unexpected.slice(0, -1)), new Set([undefined]));
});

test("what is no record is told from what is missing", () => {
	const of = (missingBefore: number, text: string) => {
		const connection = newConnection();
		const [ended] = ofKind(
			eventsOf([
				newChunk(connection, "webServer", REQUEST),
				{
					...newChunk(connection, "application", "", { missingBefore }),
					bytes: Buffer.from(text),
				},
			]),
			"requestEnded",
		);
		return [ended?.request.damaged, ended?.request.bytesMissing];
	};
	assert.deepEqual(of(0, "HTTP/1.1 400 Bad Request\r\n\r\n"), [true, false]);
	assert.deepEqual(of(50, "HTTP/1.1 400 Bad Request\r\n\r\n"), [true, true]);
});

test("a wait ends where the web server leaves, and so does the request", () => {
	const connection = newConnection();
	const events = eventsOf([
		{ ...newChunk(connection, "webServer", REQUEST), ...at(100) },
		{
			...newChunk(connection, "webServer", "", { closes: "fin" }),
			...at(102),
		},
		{
			...newChunk(connection, "application", "", { closes: "fin" }),
			...at(104),
		},
	]);
	const [ended] = ofKind(events, "requestEnded");
	assert.equal(ended?.request.longestGap, 2);
	assert.equal(ended?.request.longestGapBefore, "closing");
	assert.equal(ended?.request.endedAt, 102);
});

test("a request knows how many are open on other connections to its application", () => {
	const connections = [0, 1].map((number) =>
		newConnection(number, { application: "127.0.0.1:9000" }),
	);
	const events = eventsOf(
		connections.map((one) => newChunk(one, "webServer", REQUEST)),
	);
	assert.deepEqual(
		ofKind(events, "requestBegan").map(({ request }) => request.openElsewhere),
		[0, 1],
	);
});
