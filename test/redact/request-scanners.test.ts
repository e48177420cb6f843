// Streams that go on behind their end, or behind the end of their request, and losses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor } from "../../src/redact/index.js";
import {
	BEGIN,
	begun,
	begunOnly,
	type Kind,
	pairsOf,
	push,
} from "./redacted.js";

const FORM = "application/x-www-form-urlencoded";
const SECRET = "QZXJVKWY";
const COVERED = "*".repeat(SECRET.length);

test("PARAMS behind their end are covered, and no pairs are read in them", () => {
	const redactor = begunOnly();
	const pair = pairsOf([["HTTP_COOKIE", `a=${SECRET}`]]);
	push(redactor, "params", pair.subarray(0, 17));
	push(redactor, "params", "");
	assert.equal(push(redactor, "params", pair.subarray(17)), "******");
	assert.equal(redactor.legible, 0);
	assert.equal(push(redactor, "params", pair), "*".repeat(pair.length));
	push(redactor, "begin", BEGIN, 3);
	assert.equal(redactor.legible, undefined);
});

test("the type of a body is still known behind a loss after PARAMS", () => {
	const redactor = begun("application/json");
	push(redactor, "params", "x");
	push(redactor, "params", "");
	assert.equal(push(redactor, "stdin", '{"sid":1,"a":2}'), '{"sid":*,"a":2}');
});

const BEFORE: readonly [Kind, string][] = [
	["stdin", "password=abc"],
	["stdout", "Set-Cookie: a=abc"],
	["data", "password=abc"],
];
for (const [kind, before] of BEFORE) {
	const start = () => {
		const redactor = begun(FORM);
		push(redactor, kind, before);
		return redactor;
	};
	test(`${kind} behind its end is covered`, () => {
		const redactor = start();
		push(redactor, kind, "");
		assert.equal(push(redactor, kind, SECRET), COVERED);
		push(redactor, kind, "");
		assert.equal(push(redactor, kind, SECRET), COVERED);
	});

	test(`${kind} behind a second BEGIN_REQUEST in the middle of it is covered`, () => {
		const redactor = start();
		push(redactor, "begin", BEGIN);
		assert.equal(push(redactor, kind, SECRET), COVERED);
	});

	test(`${kind} of the next request of an id is not the last's`, () => {
		const redactor = start();
		push(redactor, "end", "\0\0\0\0\0\0\0\0");
		push(redactor, "begin", BEGIN);
		assert.equal(push(redactor, kind, "A: b\n\n"), "A: b\n\n");
	});
}

test("a request that begins when all of the last one's input was there is another, though its answer was not seen", () => {
	const redactor = begun(FORM);
	push(redactor, "stdin", "password=abc");
	push(redactor, "stdin", "");
	push(redactor, "begin", BEGIN);
	assert.equal(push(redactor, "stdin", "a=b"), "a=b");
});

test("STDERR behind its end is covered up to the end of its line", () => {
	for (const kind of ["stderr", "end"] as const) {
		const redactor = begun(FORM);
		push(redactor, "stderr", "password=abc");
		push(redactor, kind, kind === "end" ? "\0\0\0\0\0\0\0\0" : "");
		assert.equal(push(redactor, "stderr", `${SECRET}\na`), `${COVERED}\na`);
	}
});

test("what an id sends behind END_REQUEST is covered until it is begun again", () => {
	for (const begin of [true, false]) {
		const redactor = begin ? begun(FORM) : createRedactor();
		push(redactor, "stdin", "");
		push(redactor, "stdout", "Set-Cookie: a=abc");
		push(redactor, "end", "\0\0\0\0\0\0\0\0");
		assert.equal(push(redactor, "stdout", SECRET), COVERED);
		assert.equal(push(redactor, "stdin", SECRET), COVERED);
		push(redactor, "end", "\0\0\0\0\0\0\0\0");
		assert.equal(push(redactor, "stdout", SECRET), COVERED);
		push(redactor, "begin", BEGIN);
		assert.equal(push(redactor, "stdout", "A: b\n\nc"), "A: b\n\nc");
	}
});

test("behind a loss, the text of an answer is shown from its next line on, and a head in it covered", () => {
	const redactor = begun(FORM);
	const head = "Content-Type: text/html\n\n<p>";
	assert.equal(push(redactor, "stdout", head), head);
	redactor.lose("application");
	assert.equal(push(redactor, "stdout", "a</p>\n<p>b"), "*****\n<p>b");
	redactor.lose("application");
	assert.equal(
		push(redactor, "stdout", "\nSet-Cookie: a=b\nX: y\n"),
		"\nSet-Cookie: ***\nX: y\n",
	);
});

test("behind a loss, an answer that is JSON or whose head is not whole is covered", () => {
	for (const head of ["Content-Type: text/html\n", "A: b\n\n{", "A: b\n\n"]) {
		const redactor = begun(FORM);
		push(redactor, "stdout", head);
		redactor.lose("application");
		assert.equal(push(redactor, "stdout", "a\nb"), "***");
	}
});
