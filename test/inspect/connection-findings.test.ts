import assert from "node:assert/strict";
import { test } from "node:test";
import type { FcgiRecord } from "../../src/fastcgi/record.js";
import type { Check } from "../../src/inspect/check.js";
import type { Chunk } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import type { Finding } from "../../src/inspect/finding.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { answer, chunk, connection, get, record } from "../support/events.js";

const WORDS = {
	severity: "warning",
	summary: "something is so",
	diagnosis: "it is so",
	remedies: { nginx: "change nginx", php: "change php", any: "change it" },
	example: "",
} as const;

const where = connection();

/** The body of a BEGIN_REQUEST for a Responder. */
const BEGIN = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);

function eventsOf(
	checks: readonly Check[],
	chunks: readonly Chunk[],
): FcgiEvent[] {
	const inspector = new Inspector({ checks });
	const events = chunks.flatMap((one) => [...inspector.push(one)]);
	return [...events, ...inspector.end()];
}

function foundOf(events: readonly FcgiEvent[]): Finding[] {
	return events.flatMap(({ findings }) => [...findings]);
}

test("a check sees the kinds of record that it is for, and no others", () => {
	const seen: string[] = [];
	const check: Check = {
		...WORDS,
		code: "a",
		on: "record",
		kinds: ["stdout", "stdin"],
		look: ({ record }) => {
			seen.push(record.kind);
			return undefined;
		},
	};
	eventsOf(
		[check],
		[
			chunk(where, "webServer", get(1, "/")),
			chunk(where, "application", answer(1, "\r\n")),
		],
	);
	assert.deepEqual(seen, ["stdin", "stdout"]);
});

test("what is found again in a request is counted, in the next it is said anew", () => {
	const check: Check = {
		...WORDS,
		code: "a",
		on: "record",
		kinds: ["params"],
		look: ({ request }) => `request ${request?.number}`,
	};
	const events = eventsOf(
		[check],
		[
			chunk(where, "webServer", get(1, "/", 1)),
			chunk(where, "application", answer(1, "\r\n")),
			chunk(where, "webServer", get(1, "/", 1)),
		],
	);
	assert.deepEqual(
		foundOf(events).map(({ message, request, record, count }) => [
			message,
			request,
			record,
			count,
		]),
		[
			["request 1", 1, 2, 2],
			["request 2", 2, 8, 2],
		],
	);
	const ended = events.flatMap((event) =>
		event.kind === "requestEnded" ? [event.request.findings.length] : [],
	);
	assert.deepEqual(ended, [1, 1]);
});

test("what is said once for a connection is told when the connection closes, with its count", () => {
	const check: Check = {
		...WORDS,
		code: "a",
		on: "record",
		once: "connection",
		look: () => "again",
	};
	const events = eventsOf(
		[check],
		[
			chunk(where, "webServer", get(1, "/")),
			chunk(where, "application", record("stdout", 1, "x")),
		],
	);
	assert.equal(foundOf(events).length, 1);
	const closed = events.find(({ kind }) => kind === "connectionClosed");
	assert.ok(closed?.kind === "connectionClosed");
	assert.deepEqual(
		closed.ofConnection.map(({ code, count }) => [code, count]),
		[["a", 5]],
	);
});

test("a request of which something is missing is not asked about, unless that cannot matter", () => {
	const asked: string[] = [];
	const check = (code: string, evenDamaged?: true): Check => ({
		...WORDS,
		code,
		on: "requestEnded",
		...(evenDamaged === undefined ? {} : { evenDamaged }),
		look: () => {
			asked.push(code);
			return undefined;
		},
	});
	const checks = [check("careful"), check("bold", true)];
	const request = chunk(where, "webServer", get(1, "/"));
	const said = answer(1, "A: b\r\n\r\nbody");
	eventsOf(checks, [request, chunk(where, "application", said)]);
	assert.deepEqual(asked.splice(0), ["careful", "bold"]);
	const hole = chunk(where, "application", said.subarray(20), 0, {
		missingBefore: 4,
	});
	const head = chunk(where, "application", said.subarray(0, 16));
	eventsOf(checks, [request, head, hole]);
	assert.deepEqual(asked.splice(0), ["bold"]);
	const late = connection(1, { startSeen: false });
	eventsOf(checks, [chunk(late, "webServer", record("stdin", 1, "x"))]);
	assert.deepEqual(asked.splice(0), ["bold"]);
});

test("remedies are those for the software that is probably there", () => {
	const check: Check = {
		...WORDS,
		code: "a",
		on: "requestEnded",
		look: () => "so",
	};
	const remediesOf = (...chunks: readonly Chunk[]) =>
		foundOf(eventsOf([check], chunks))[0]?.remedies;
	const unnamed = chunk(where, "webServer", record("begin", 1, BEGIN));
	const ofPhp = ["php (probably): change php", "change it"];
	assert.deepEqual(
		remediesOf(
			unnamed,
			chunk(where, "application", answer(1, "X-Powered-By: PHP/8.2\r\n\r\n")),
		),
		ofPhp,
	);
	assert.deepEqual(remediesOf(unnamed), ["change it"]);
	const named = chunk(where, "webServer", get(1, "/"));
	assert.deepEqual(remediesOf(named), ofPhp, "its script's name ends in .php");
});

test("evidence may have a remedy, a diagnosis and a severity of its own", () => {
	const check: Check = {
		...WORDS,
		code: "a",
		on: "requestEnded",
		look: () => ({
			severity: "note",
			message: "so",
			diagnosis: "it is otherwise",
			remedies: { any: "leave it" },
		}),
	};
	const chunks = [chunk(where, "webServer", get(1, "/"))];
	const [finding] = foundOf(eventsOf([check], chunks));
	assert.equal(finding?.severity, "note");
	assert.equal(finding?.diagnosis, "it is otherwise");
	assert.deepEqual(finding?.remedies, ["leave it"]);
});

test("with a redactor, skipped bytes show no more than which protocol they are of", () => {
	const nothing = {
		redact: (record: FcgiRecord) => record,
		legible: undefined,
		lose: () => undefined,
	};
	const shown = (startSeen: boolean, text: string) => {
		const inspector = new Inspector({ createRedactor: () => nothing });
		const late = connection(0, { startSeen });
		const events = [
			...inspector.push(chunk(late, "webServer", Buffer.from(text))),
			...inspector.end(),
		];
		return events.flatMap((event) =>
			event.kind === "bytesSkipped" ? [event.firstBytes.toString()] : [],
		);
	};
	assert.deepEqual(shown(true, "GET /a?pin=1234 HTTP/1.1"), [
		"GET /a**********",
	]);
	assert.deepEqual(shown(false, "secret in the midst"), ["****************"]);
	assert.deepEqual(shown(true, "\u0001\u0004\0"), ["\u0001\u0004\0"]);
});
