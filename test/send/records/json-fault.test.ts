// Where a text stops being JSON: V8's own parser says whether it does, and, where it tells a position, where.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonFault, MAX_DEPTH } from "../../../src/send/records/json-fault.js";

const CASES = [
	["", 0, "expected a value, found the end: it is cut off"],
	['{"a"', 4, "a: expected :, found the end: it is cut off"],
	['{"a":1,}', 7, 'expected a name in quotes, found "}"'],
	['{"a":1 "b":2}', 7, 'a: expected , or }, found "\\""'],
	['{"a":[1,2', 9, "a[1]: expected , or ], found the end: it is cut off"],
	['{"a":[{"b":tru}]}', 11, 'a[0].b: expected a value, found "tru"'],
	['{"a":01}', 5, 'a: expected a value, found "01"'],
	['{"a":"\\q"}', 6, 'a: expected an escape of JSON, found "\\\\q"'],
	['{"a":"b\nc"}', 7, 'a: expected the closing quote, found "\\n"'],
	["{'a':1}", 1, `expected a name in quotes, found "'"`],
	['{"a":1} x', 8, 'expected the end, found "x"'],
	['{"":{"x y":?}}', 11, 'x y: expected a value, found "?"'],
] as const;

for (const [text, at, message] of CASES) {
	test(`the fault of ${JSON.stringify(text)} is at ${at}`, () => {
		assert.throws(() => JSON.parse(text));
		assert.deepEqual(jsonFault(text), { at, message });
	});
}

test("brackets too deep are a fault, however many there are", () => {
	const { at, message } = jsonFault("[".repeat(1_000_000));
	assert.equal(at, MAX_DEPTH);
	assert.match(message, /expected no more than 64 brackets/);
	assert.ok(message.length < 250);
});

test("the fault is where the engine says, wherever a text is cut or changed", () => {
	const change = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }));
	fc.assert(
		fc.property(change, ([json, where, put]) => {
			const at = where % (json.length + 1);
			const text = json.slice(0, at) + put + json.slice(at + 1);
			let said: string;
			try {
				JSON.parse(text);
				return;
			} catch (error) {
				said = (error as Error).message;
			}
			const fault = jsonFault(text);
			assert.ok(fault.at <= text.length);
			const position = /at position (\d+)/.exec(said)?.[1];
			// Of a literal or a number that breaks off, the engine tells the character, and we tell its start.
			if (
				position === undefined ||
				/literal|number|exponent|fraction/i.test(said)
			)
				return;
			const between = text.slice(fault.at, Number(position));
			assert.match(between, /^[-\w.+\\]*$/, `${text}: ${said}, ${fault.at}`);
		}),
		{ numRuns: 2000 },
	);
});
