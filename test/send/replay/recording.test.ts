// Requests of recordings, held to the digests of captures/truth.json, and to what a few small conversations say.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RecordDecoder } from "../../../src/fastcgi/record-decoder.js";
import type { RecordedRequest } from "../../../src/send/replay/recorded-request.js";
import { recordedScript } from "../../../src/send/replay/recorded-script.js";
import { Recording } from "../../../src/send/replay/recording.js";
import type { StoredBytes } from "../../../src/send/replay/stored-bytes.js";
import { CAPTURES } from "../../support/cli.js";
import {
	bytesOf,
	newChunk,
	newConnection,
	REQUEST,
	RESPONSE,
} from "../../support/conversation.js";
import { eachEvent } from "../../support/decoded.js";
import { byteByByte, memory, recordedIn } from "../../support/replayed.js";
import { recordsIn, stepsOf, writesIn } from "../../support/sent.js";
import type { TrueFile } from "../../support/truth.js";

const TRUTH: readonly TrueFile[] = JSON.parse(
	readFileSync(`${CAPTURES}truth.json`, "utf8"),
);
const UNDAMAGED = TRUTH.filter(
	({ damaged, truth }) => !damaged && truth.requests > 0,
);

test("there are captures enough to hold recordings to", () => {
	assert.ok(UNDAMAGED.length > 30, `only ${UNDAMAGED.length}`);
});

for (const known of UNDAMAGED) {
	test(`${known.file}: each stream of each request is recorded whole`, async () => {
		const recording = new Recording(memory(), () => true);
		await eachEvent(`${CAPTURES}${known.file}`, (event) =>
			recording.push(event),
		);
		const { requests } = recording;
		const ours = requests.map((one) => [
			...[one.requestId, one.answer.ending === "ended", one.keepConn],
			...[contentDigest(one, 5), digest(one.answer.stdout)],
			digest(one.answer.stderr),
		]);
		const theirs = known.truth.request_list.map((one) => [
			...[one.id, one.complete, one.keep_conn],
			...[one.stdin_sha, one.stdout_sha, one.stderr_sha],
		]);
		assert.deepEqual(ours.map(String).sort(), theirs.map(String).sort());
	});
}

function digest(stream: StoredBytes): string {
	return sha([...stream.blocks(1000)]);
}

function contentDigest({ input }: RecordedRequest, type: number): string {
	const decoder = new RecordDecoder();
	const records = [...decoder.push(Buffer.concat([...input.blocks(777)]))];
	return sha(
		records.filter((one) => one.type === type).map((one) => one.contentData),
	);
}

function sha(parts: readonly Buffer[]): string {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return hash.digest("hex").slice(0, 16);
}

const WHERE = newConnection();
/** Lies in every field that a header has, and padding that is not zero. */
const ODD = `{FCGI_BEGIN_REQUEST, 258, {FCGI_RESPONDER, 0}, reserved=9}
{FCGI_PARAMS, 258, "\\001\\001ab", padding=3}
{FCGI_PARAMS, 258, ""}
{FCGI_STDIN, 258, "body", padding=200, reserved=7}
{FCGI_STDIN, 258, ""}`;

test("what is sent again is every byte that the web server sent, however it was cut", async () => {
	const bytes = bytesOf(ODD);
	bytes[8 + 4] = 0x77; // reserved bytes of BEGIN_REQUEST
	bytes[bytes.length - 20] = 0x55; // padding
	const whole = newChunk(WHERE, "webServer", bytes);
	for (const chunks of [[whole], byteByByte(whole)]) {
		const [request] = recordedIn([
			...chunks,
			newChunk(
				WHERE,
				"application",
				"{FCGI_END_REQUEST, 258, {0, FCGI_REQUEST_COMPLETE}}",
			),
		]);
		assert.ok(request);
		assert.equal(request.leftOut, undefined);
		const steps = await stepsOf(recordedScript(request));
		assert.deepEqual(Buffer.concat(writesIn(steps)), bytes);
		const small = { split: { bytes: 7, pause: 0 } };
		const cut = writesIn(await stepsOf(recordedScript(request, small)));
		assert.deepEqual(Buffer.concat(cut), bytes);
		assert.ok(cut.every(({ length }) => length <= 7));
	}
});

test("an abort is sent behind the same record, after the same time", async () => {
	const [request] = recordedIn([
		newChunk(WHERE, "webServer", REQUEST, { timestamp: 100 }),
		newChunk(WHERE, "application", '{FCGI_STDOUT, 1, "A: b\\r\\n\\r\\n"}', {
			timestamp: 100.1,
		}),
		newChunk(WHERE, "webServer", "{FCGI_ABORT_REQUEST, 1}", {
			timestamp: 100.25,
		}),
	]);
	assert.ok(request);
	assert.equal(request.leftOut, undefined);
	assert.equal(request.answer.aborted, true);
	const kinds = (steps: Awaited<ReturnType<typeof stepsOf>>) =>
		steps.map((step) =>
			step.kind === "wait" ? Math.round(step.milliseconds) : step.kind,
		);
	assert.deepEqual(kinds(await stepsOf(recordedScript(request))), [
		"write",
		250,
		"write",
	]);
	const twice = recordedScript(request, { speed: 2 });
	assert.deepEqual(kinds(await stepsOf(twice)), ["write", 125, "write"]);
	const last = (await recordsIn(twice)).at(-1);
	assert.equal(last?.kind, "abortRequest");
});

test("without times, an abort waits for what had come of the answer", async () => {
	const [request] = recordedIn([
		newChunk(WHERE, "webServer", REQUEST),
		newChunk(WHERE, "application", '{FCGI_STDERR, 1, "oops"}'),
		newChunk(WHERE, "webServer", "{FCGI_ABORT_REQUEST, 1}"),
	]);
	assert.ok(request);
	const steps = await stepsOf(recordedScript(request));
	assert.deepEqual(steps[1], { kind: "waitFor", type: 7 });
});

test("what a web server sends behind an early answer is part of its request", () => {
	const begun = `{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, FCGI_KEEP_CONN}}
{FCGI_PARAMS, 1, ""}
{FCGI_STDIN, 1, "first"}`;
	const rest = '{FCGI_STDIN, 1, "rest"} {FCGI_STDIN, 1, ""}';
	const [request, ...more] = recordedIn([
		newChunk(WHERE, "webServer", begun),
		newChunk(WHERE, "application", RESPONSE),
		newChunk(WHERE, "webServer", rest),
		newChunk(WHERE, "webServer", REQUEST),
		newChunk(WHERE, "application", RESPONSE),
	]);
	assert.ok(request);
	assert.equal(more.length, 1);
	const sent = request.input.read(0, 10_000);
	assert.deepEqual(sent, Buffer.concat([bytesOf(begun), bytesOf(rest)]));
});

test("what the recording does not have all of is left out, and why is said", () => {
	const begun =
		'{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}} {FCGI_PARAMS, 1, ""}';
	const web = (bytes: string | Buffer, fields = {}) =>
		newChunk(WHERE, "webServer", bytes, fields);
	const app = (bytes: string) => newChunk(WHERE, "application", bytes);
	const cases: readonly (readonly [string, ReturnType<typeof web>[]])[] = [
		["no end", [web(begun), app('{FCGI_STDOUT, 1, "x"}')]],
		[
			"not in the recording",
			[web(begun), web(REQUEST.split("\n")[3] ?? "", { missingBefore: 9 })],
		],
		["no records", [web(begun), web(Buffer.alloc(40, 0x99))]],
		["beginning", [app(RESPONSE)]],
	];
	for (const [why, chunks] of cases) {
		const [request] = recordedIn(chunks);
		assert.match(request?.leftOut ?? "", new RegExp(why), why);
	}
});

test("only what is wanted is kept", () => {
	const chunks = [1, 2, 3].flatMap(() => [
		newChunk(WHERE, "webServer", REQUEST),
		newChunk(WHERE, "application", RESPONSE),
	]);
	const requests = recordedIn(chunks, (number) => number === 2);
	assert.deepEqual(
		requests.map(({ number }) => number),
		[2],
	);
});

test("values that look masked are noticed", () => {
	const [plain, masked] = [REQUEST, REQUEST.replace("GET", "*****")].map(
		(bytes) => recordedIn([newChunk(WHERE, "webServer", bytes)])[0],
	);
	assert.equal(plain?.masked, false);
	assert.equal(masked?.masked, true);
});
