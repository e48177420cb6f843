import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_DEPTH } from "../../src/redact/json-scanner.js";
import { begun, push } from "./redacted.js";

const JSON_TYPE = "application/json";

for (const [open, close] of [
	["[", "]"],
	['{"a":', "}"],
] as const) {
	test(`${open} nested as deep as is followed`, () => {
		const depth = MAX_DEPTH - 1;
		const around = (inner: string) =>
			open.repeat(depth) + inner + close.repeat(depth);
		assert.equal(
			push(begun(JSON_TYPE), "stdin", around('{"sid":"abc","b":"c"}')),
			around('{"sid":"***","b":"c"}'),
		);
	});

	test(`${open} nested deeper is covered`, () => {
		const outer = open.repeat(MAX_DEPTH);
		assert.equal(
			push(begun(JSON_TYPE), "stdin", `${outer}{"b":"c"}`),
			`${outer}{********`,
		);
	});
}

test("more ends than starts do no harm", () => {
	assert.equal(
		push(begun(JSON_TYPE), "stdin", '}]}{"sid":"abc"}]{"a":"b"}'),
		'}]}{"sid":"***"}]{"a":"b"}',
	);
});
