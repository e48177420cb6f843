import assert from "node:assert/strict";
import { test } from "node:test";
import {
	CgiHeadReader,
	type CgiResponse,
	MAX_HEAD_BYTES,
} from "../../src/inspect/cgi-response.js";

function read(pieces: readonly string[]): (CgiResponse | undefined)[] {
	const reader = new CgiHeadReader();
	return pieces.map((piece) => {
		const bytes = Buffer.from(piece, "latin1");
		const response = reader.push(bytes);
		bytes.fill(0xee);
		return response;
	});
}

function head(text: string): CgiResponse {
	const [response] = read([text]);
	assert.ok(response, "the head is whole");
	return response;
}

test("a head is the same however it is cut", () => {
	const text =
		"Status: 404 Not Found\r\nContent-type: text/html\r\nX: a:b\r\n\r\nbody\n\n";
	const whole = head(text);
	assert.equal(whole.status, 404);
	assert.equal(whole.reason, "Not Found");
	assert.equal(whole.headBytes, text.indexOf("body"));
	for (let at = 1; at < text.length; at++) {
		const cut = read([text.slice(0, at), text.slice(at)]);
		assert.deepEqual(cut.filter(Boolean), [whole], `cut at ${at}`);
	}
	assert.deepEqual(read([...text]).filter(Boolean), [whole], "byte by byte");
});

test("the response comes once", () => {
	assert.equal(read(["A: 1\n\n", "B: 2\n\n"])[1], undefined);
});

test("bare line feeds end lines, too", () => {
	assert.deepEqual(head("A: 1\nB: 2\n\nrest").headers, [
		["A", "1"],
		["B", "2"],
	]);
});

const STATUSES: readonly [string, number | undefined, string][] = [
	["A: 1", 200, ""],
	["Status: 201 Created", 201, "Created"],
	["Status: 503", 503, ""],
	["status:404 not found", 404, "not found"],
	["Status: banana", undefined, ""],
	["Status: 20000", undefined, ""],
	["Location: /x", 302, ""],
	["Location: /x\nStatus: 301 Moved", 301, "Moved"],
	["HTTP/1.1 404 Nope\nA: 1", 404, "Nope"],
];
for (const [lines, status, reason] of STATUSES) {
	test(`${JSON.stringify(lines)} has the status ${status}`, () => {
		const response = head(`${lines}\n\n`);
		assert.equal(response.status, status);
		assert.equal(response.reason, reason);
	});
}

test("an Authorizer's variables are told from its other headers", () => {
	const response = head("Status: 200 OK\nVariable-USER: ann\nX: y\n\n");
	assert.deepEqual(response.variables, [["USER", "ann"]]);
	assert.equal(response.headers.length, 3);
});

test("lines that are no headers are kept as they came", () => {
	const response = head(
		"Warning: x in y\nno colon here\n: no name\n folded\n\n",
	);
	assert.deepEqual(response.headers, [["Warning", "x in y"]]);
	assert.deepEqual(response.badLines, [
		"no colon here",
		": no name",
		" folded",
	]);
});

test("bytes that are not UTF-8 are read as latin1", () => {
	assert.deepEqual(head("X: caf\xe9\n\n").headers, [["X", "café"]]);
});

test("a head beyond the limit is given up, and no more is held", () => {
	const line = `X: ${"a".repeat(1000)}\n`;
	const lines = Math.ceil(MAX_HEAD_BYTES / line.length) + 1;
	const reader = new CgiHeadReader();
	for (let i = 0; i < lines; i++) {
		assert.equal(reader.push(Buffer.from(line)), undefined);
	}
	assert.equal(reader.push(Buffer.from("\n")), undefined);
});

test("a long head in single bytes takes no quadratic time", () => {
	const reader = new CgiHeadReader();
	const started = process.cpuUsage().user;
	const byte = Buffer.from("a");
	for (let i = 0; i < MAX_HEAD_BYTES; i++) reader.push(byte);
	// Copying all that is held at every byte would take tens of seconds.
	assert.ok(process.cpuUsage().user - started < 5e6);
});
