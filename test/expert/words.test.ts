// Words of evidence.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	counted,
	duration,
	named,
	quoted,
	quotedLine,
} from "../../src/expert/words.js";

test("a time has the unit that people read it in", () => {
	assert.deepEqual([0.00001, 0.0004, 0.0996, 0.4, 60].map(duration), [
		"0.01 ms",
		"0.40 ms",
		"99.6 ms",
		"0.400 s",
		"60.000 s",
	]);
});

test("a quotation is short, and shows what hides", () => {
	assert.equal(quoted('a "b"\n\u0000'), '"a \\"b\\"\\n\\u0000"');
	assert.equal(
		quoted("\ufeff\u202e\u0085\u{e0001}"),
		'"\\ufeff\\u202e\\u0085\\udb40\\udc01"',
	);
	assert.equal(quoted("x".repeat(80)), `"${"x".repeat(80)}"`);
	assert.equal(quoted("x".repeat(81)), `"${"x".repeat(80)}"…`);
});

test("a name is short", () => {
	assert.equal(named("HTTP_COOKIE"), "HTTP_COOKIE");
	assert.equal(named("x".repeat(41)), `${"x".repeat(40)}…`);
});

test("a line is the first that is not empty", () => {
	assert.equal(quotedLine("\r\n\none\r\ntwo"), '"one"');
	assert.equal(quotedLine(""), '""');
});

test("one is not many", () => {
	assert.deepEqual(
		[0, 1, 2].map((count) => counted(count, "byte")),
		["0 bytes", "1 byte", "2 bytes"],
	);
});
