import assert from "node:assert/strict";
import { test } from "node:test";
import { recordTypeName } from "../../src/fastcgi/constants.js";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { splitStream } from "../../src/fastcgi/split-stream.js";
import { Inspector } from "../../src/inspect/inspector.js";
import {
	MAX_KEPT_BYTES,
	MAX_STDERR_BYTES,
} from "../../src/inspect/open-request.js";
import { MAX_PARAMS_BYTES } from "../../src/inspect/request-params.js";
import {
	bytesOf,
	eventsOf,
	newChunk,
	newConnection,
	ofKind,
} from "../support/conversation.js";

const BEGIN = bytesOf("{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}");

/** The request that a stream of the given type makes. */
function requestWith(type: number, content: Buffer) {
	const connection = newConnection();
	const stream = Buffer.concat(splitStream(type, 1, content).map(encodeRecord));
	const ofApplication = recordTypeName(type).startsWith("FCGI_STD") && type > 5;
	const events = eventsOf([
		newChunk(connection, "webServer", BEGIN),
		newChunk(connection, ofApplication ? "application" : "webServer", stream),
	]);
	const [ended] = ofKind(events, "requestEnded");
	assert.ok(ended);
	return ended.request;
}

test("STDERR is kept up to the limit, and the rest counted", () => {
	const request = requestWith(7, Buffer.alloc(MAX_STDERR_BYTES + 1234, "e"));
	assert.equal(request.stderrText.length, MAX_STDERR_BYTES);
	assert.equal(request.stderrOmitted, 1234);
	assert.equal(request.stderr.bytes, MAX_STDERR_BYTES + 1234);
});

test("parameters are kept up to the limit, and it is said that there are more", () => {
	const pair = encodeNameValue(Buffer.from("NAME"), Buffer.alloc(100_000, "v"));
	const times = Math.ceil(MAX_PARAMS_BYTES / pair.length) + 3;
	const request = requestWith(4, Buffer.concat(Array(times).fill(pair)));
	assert.equal(request.parametersDamaged, "too-long");
	assert.ok(request.parameters.length < times);
	assert.ok(request.parameters.length > times - 6);
	assert.equal(request.params.bytes, pair.length * times, "all are counted");
});

test("a pair that announces two gigabytes is not waited for", () => {
	const content = Buffer.concat([
		encodeNameValue(Buffer.from("A"), Buffer.from("1")),
		Buffer.from("01ffffffff42", "hex"),
	]);
	const request = requestWith(4, content);
	assert.equal(request.parametersDamaged, "malformed", "there never were any");
	assert.equal(request.param("A"), "1");
	const { unfinishedPair } = request;
	assert.deepEqual(unfinishedPair, {
		offset: 4,
		nameLength: 1,
		valueLength: 0x7fffffff,
	});
});

test("of a repeated parameter the last value counts, and all are kept", () => {
	const connection = newConnection();
	const events = eventsOf([
		newChunk(
			connection,
			"webServer",
			Buffer.concat([
				BEGIN,
				bytesOf('{FCGI_PARAMS, 1, [A="1", B="2", A="3"]} {FCGI_PARAMS, 1, ""}'),
			]),
		),
	]);
	const [ended] = ofKind(events, "paramsEnded");
	assert.ok(ended);
	assert.equal(ended.request.param("A"), "3");
	assert.equal(ended.request.param("C"), undefined);
	assert.equal(ended.request.parameters.length, 3);
});

test("a parameter that is not UTF-8 is read as latin1 and says so", () => {
	const request = requestWith(
		4,
		encodeNameValue(Buffer.from("A"), Buffer.from([0xe9])),
	);
	assert.deepEqual(request.parameters, [
		{ name: "A", value: "é", latin1: true },
	]);
});

test("all open requests together keep no more than the limit, and what ends makes room", () => {
	const connection = newConnection();
	const pair = encodeNameValue(Buffer.from("N"), Buffer.alloc(60_000, "v"));
	const perRequest = 50;
	const requests = Math.ceil(MAX_KEPT_BYTES / (pair.length * perRequest)) + 2;
	const inspector = new Inspector();
	const damaged: (string | undefined)[] = [];
	const push = (id: number, type: number, contentData: Buffer) => {
		const bytes = encodeRecord({ type, requestId: id, contentData });
		const from = type === 3 ? "application" : "webServer";
		for (const event of inspector.push(newChunk(connection, from, bytes))) {
			if (event.kind === "requestEnded") {
				damaged.push(event.request.parametersDamaged);
			}
		}
	};
	const begin = Buffer.from("0001010000000000", "hex");
	for (let id = 1; id <= requests; id++) {
		push(id, 1, begin);
		for (let i = 0; i < perRequest; i++) push(id, 4, pair);
	}
	for (let id = 1; id <= requests; id++) push(id, 3, Buffer.alloc(8));
	assert.equal(damaged[0], undefined);
	assert.equal(damaged.at(-1), "too-long");
	push(1, 1, begin);
	for (let i = 0; i < perRequest; i++) push(1, 4, pair);
	push(1, 3, Buffer.alloc(8));
	assert.equal(damaged.at(-1), undefined, "there is room again");
});
