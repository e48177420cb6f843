// Header fields as curl takes them, and the variables that they become.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	commaOrCookie,
	fieldVariables,
	fieldWish,
} from "../../src/send/http-fields.js";

test("takes fields as curl does", () => {
	assert.deepEqual(fieldWish("X-A:  b c \t"), {
		kind: "field",
		field: ["X-A", "b c"],
	});
	assert.deepEqual(fieldWish("X-A:b:c"), {
		kind: "field",
		field: ["X-A", "b:c"],
	});
	assert.deepEqual(fieldWish("X-A;"), { kind: "field", field: ["X-A", ""] });
	assert.deepEqual(fieldWish("Host:"), { kind: "without", name: "Host" });
	assert.deepEqual(fieldWish("X: é"), {
		kind: "field",
		field: ["X", "\xc3\xa9"],
	});
});

for (const text of [
	"",
	"X",
	": a",
	"X A: b",
	"X: a\r\nY: b",
	"X: a\0",
	"X; a",
	"é: a",
]) {
	test(`refuses ${JSON.stringify(text)}`, () => {
		assert.throws(() => fieldWish(text), {
			code: "usage",
			message: /^[^\n\0]* is no header: 'Name: value'/,
		});
	});
}

test("makes variables in the order of the fields, and says what becomes none", () => {
	const fields = [
		["Host", "h"],
		["X-A", "1"],
		["x-a", "2"],
		["Cookie", "a"],
		["X_B", "3"],
		["proxy", "evil"],
		["Cookie", "b"],
		["X-E", ""],
	] as const;
	const { variables, remarks } = fieldVariables(fields, {
		joint: commaOrCookie,
	});
	assert.deepEqual(variables, [
		["HTTP_HOST", "h"],
		["HTTP_X_A", "1, 2"],
		["HTTP_COOKIE", "a; b"],
		["HTTP_X_E", ""],
	]);
	assert.equal(remarks.length, 2);
	assert.match(remarks[0] ?? "", /^header X_B is not sent.*-P HTTP_X_B=VALUE/);
	assert.match(
		remarks[1] ?? "",
		/^header proxy is not sent: .*httpoxy.*-P HTTP_PROXY=VALUE/,
	);
});

test("HTTP_PROXY is made by no rules at all", () => {
	for (const name of ["Proxy", "PROXY", "proxy"]) {
		const { variables } = fieldVariables([[name, "evil"]], {
			takes: () => true,
		});
		assert.deepEqual(variables, []);
	}
});
