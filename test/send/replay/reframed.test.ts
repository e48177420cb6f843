import assert from "node:assert/strict";
import { test } from "node:test";
import { framingOf } from "../../../src/send/framing.js";
import { reframed, whyNotReframed } from "../../../src/send/replay/reframed.js";
import { scriptOf } from "../../../src/send/script-of.js";
import {
	bytesOf,
	newChunk,
	newConnection,
} from "../../support/conversation.js";
import { recordedIn } from "../../support/replayed.js";
import { contentOf, pairsOf, recordsIn } from "../../support/sent.js";

const WHERE = newConnection();
const NONE = { set: [], unset: [] };

function recorded(notation: string) {
	const [request] = recordedIn([newChunk(WHERE, "webServer", notation)]);
	assert.ok(request);
	return request;
}

const FILTER = `{FCGI_BEGIN_REQUEST, 9, {FCGI_FILTER, 0}}
{FCGI_PARAMS, 9, "\\001\\002AB"} {FCGI_PARAMS, 9, "C\\001\\001D\\377"}
{FCGI_PARAMS, 9, ""}
{FCGI_STDIN, 9, "in", padding=6} {FCGI_STDIN, 9, "put"} {FCGI_STDIN, 9, ""}
{FCGI_DATA, 9, "data"} {FCGI_DATA, 9, ""}`;

test("role, pairs and streams are kept, byte for byte, and the framing is ours", async () => {
	const request = reframed(recorded(FILTER), NONE);
	const framing = framingOf({ recordSize: 3, padding: 1, requestId: 5 });
	const records = await recordsIn(scriptOf(request, framing));
	assert.deepEqual(pairsOf(contentOf(records, "params")), [
		["A", "BC"],
		["D", "\xff"],
	]);
	assert.equal(`${contentOf(records, "stdin")}`, "input");
	assert.equal(`${contentOf(records, "data")}`, "data");
	assert.ok(records.every(({ requestId }) => requestId === 5));
	assert.ok(records.every(({ paddingLength }) => paddingLength === 1));
	const [begin] = records;
	assert.deepEqual(begin?.body, { role: 3, flags: 0, keepConn: false });
});

test("parameters are set and left out", async () => {
	const changes = { set: [["N", "new"]] as const, unset: ["A"] };
	const { params } = reframed(recorded(FILTER), changes);
	assert.deepEqual(
		params.map(([name, value]) => `${name}=${value.toString("latin1")}`),
		["D=\xff", "N=new"],
	);
});

test("an authorizer is sent no STDIN where it was sent none", () => {
	const { stdin } = reframed(
		recorded(
			'{FCGI_BEGIN_REQUEST, 1, {FCGI_AUTHORIZER, 0}} {FCGI_PARAMS, 1, ""}',
		),
		NONE,
	);
	assert.equal(stdin, undefined);
});

test("a long body is read as it is sent", async () => {
	const body = Buffer.alloc(65_000, "abc");
	const piece = Buffer.concat([
		Buffer.of(1, 5, 0, 1, body.length >> 8, body.length & 0xff, 0, 0),
		body,
	]);
	const bytes = Buffer.concat([
		bytesOf(
			'{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}} {FCGI_PARAMS, 1, ""}',
		),
		...Array(40).fill(piece),
		bytesOf('{FCGI_STDIN, 1, ""}'),
	]);
	const [request] = recordedIn([newChunk(WHERE, "webServer", bytes)]);
	assert.ok(request);
	const { stdin } = reframed(request, NONE);
	assert.ok(stdin !== undefined && !Buffer.isBuffer(stdin));
	for (const _ of [1, 2]) {
		const pieces: Buffer[] = [];
		for await (const one of stdin) pieces.push(one);
		assert.ok(
			Buffer.concat(pieces).equals(Buffer.concat(Array(40).fill(body))),
		);
	}
});

test("what cannot be framed anew is told", () => {
	const malformed = recorded(
		'{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}} {FCGI_PARAMS, 1, "\\011\\011A"} {FCGI_PARAMS, 1, ""} {FCGI_STDIN, 1, ""}',
	);
	assert.match(whyNotReframed(malformed) ?? "", /parameters do not decode/);
	const aborted = recorded(
		'{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}} {FCGI_PARAMS, 1, ""} {FCGI_STDIN, 1, "x"} {FCGI_ABORT_REQUEST, 1}',
	);
	assert.match(whyNotReframed(aborted) ?? "", /aborted in the middle/);
	assert.equal(whyNotReframed(recorded(FILTER)), undefined);
});
