import assert from "node:assert/strict";
import { test } from "node:test";
import { Inspector, MAX_CONNECTIONS } from "../../src/inspect/inspector.js";
import {
	eventsOf,
	newChunk,
	newConnection,
	ofKind,
	REQUEST,
	RESPONSE,
} from "../support/conversation.js";

test("connections do not touch each other, and numbers count over all of them", () => {
	const [a, b] = [newConnection(0), newConnection(1)];
	const events = eventsOf([
		newChunk(a, "webServer", REQUEST),
		newChunk(b, "webServer", REQUEST),
		newChunk(b, "application", RESPONSE),
		newChunk(a, "application", RESPONSE),
	]);
	assert.deepEqual(
		ofKind(events, "record").map((event) => event.number),
		Array.from({ length: 12 }, (_, i) => i + 1),
	);
	assert.deepEqual(
		ofKind(events, "requestEnded").map(({ request }) => [
			request.number,
			request.connection.number,
			request.state,
		]),
		[
			[2, 1, "complete"],
			[1, 0, "complete"],
		],
	);
});

test("bytes behind a reset are still decoded, and no second connection begins", () => {
	const connection = newConnection();
	const events = eventsOf([
		newChunk(connection, "webServer", REQUEST),
		newChunk(connection, "webServer", "", { closes: "rst" }),
		newChunk(connection, "application", RESPONSE),
		newChunk(connection, "application", "", { closes: "fin" }),
	]);
	assert.equal(ofKind(events, "connectionOpened").length, 1);
	assert.equal(ofKind(events, "connectionClosed").length, 1);
	assert.equal(ofKind(events, "requestEnded").length, 1);
	assert.deepEqual(
		ofKind(events, "record").map((event) => event.unexpected),
		[undefined, undefined, undefined, undefined, "endedId", "endedId"],
	);
});

test("times are those of the first and of the last byte of a record", () => {
	const connection = newConnection(0, { openedAt: 1 });
	const request = newChunk(connection, "webServer", REQUEST).bytes;
	const response = newChunk(connection, "application", RESPONSE).bytes;
	const at = (timestamp: number) => ({ timestamp, frame: timestamp });
	const events = eventsOf([
		newChunk(connection, "webServer", request.subarray(0, 5), at(2)),
		newChunk(connection, "webServer", request.subarray(5, 20), at(3)),
		newChunk(connection, "webServer", request.subarray(20), at(4)),
		newChunk(connection, "application", response.subarray(0, 9), at(5)),
		newChunk(connection, "application", response.subarray(9), at(6)),
	]);
	const [opened] = ofKind(events, "connectionOpened");
	assert.equal(opened?.timestamp, 1);
	const [ended] = ofKind(events, "requestEnded");
	assert.equal(ended?.request.startedAt, 2);
	assert.equal(ended?.request.inputEndedAt, 4);
	assert.equal(ended?.request.firstByteAt, 5);
	assert.equal(ended?.request.endedAt, 6);
	assert.deepEqual(
		ofKind(events, "record").map(({ frame }) => frame),
		[3, 4, 4, 4, 6, 6],
	);
});

test("no more connections than the limit are inspected at a time: the idle ones are let go", () => {
	const chunks = Array.from({ length: MAX_CONNECTIONS + 1 }, (_, number) =>
		newChunk(newConnection(number), "webServer", REQUEST),
	);
	// The first one is not idle, and so it stays.
	const [first] = chunks;
	assert.ok(first);
	chunks.splice(MAX_CONNECTIONS, 0, first);
	const inspector = new Inspector();
	const events = chunks.flatMap((chunk) => [...inspector.push(chunk)]);
	const closed = ofKind(events, "connectionClosed");
	assert.equal(closed.length, MAX_CONNECTIONS / 4);
	assert.equal(closed[0]?.connection.number, 1);
	assert.equal(ofKind(events, "requestEnded").length, MAX_CONNECTIONS / 4 + 1);
});

test("a connection that was let go is not opened a second time", () => {
	const connections = Array.from({ length: MAX_CONNECTIONS + 1 }, (_, number) =>
		newConnection(number),
	);
	const [first] = connections;
	assert.ok(first);
	const events = eventsOf([
		...connections.map((one) => newChunk(one, "webServer", REQUEST)),
		newChunk(first, "application", RESPONSE),
	]);
	assert.equal(ofKind(events, "connectionOpened").length, connections.length);
	assert.equal(ofKind(events, "connectionClosed").length, connections.length);
	const ended = ofKind(events, "requestEnded").map(({ request }) => request);
	const answer = ended.find(({ beginSeen }) => !beginSeen);
	assert.equal(answer?.connection, first);
	assert.equal(answer?.state, "complete");
});

test("paramsEnded is said once of every request, before it ends", () => {
	const connection = newConnection();
	const events = eventsOf([
		newChunk(
			connection,
			"webServer",
			'{FCGI_BEGIN_REQUEST, 1, {1, 0}} {FCGI_PARAMS, 1, [A="1"]}',
		),
	]);
	assert.deepEqual(
		events.map((event) => event.kind),
		[
			"connectionOpened",
			"record",
			"requestBegan",
			"record",
			"paramsEnded",
			"requestEnded",
			"connectionClosed",
		],
	);
});
