import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	isPlain,
	millisecondsField,
	quote,
	timeField,
} from "../../src/render/json-text.js";

const units = fc.oneof(
	fc.constantFrom('"', "\\", "\x7f", "\x9b", "\u202e", "\u2028", "\ud800"),
	fc.constantFrom("\u{e0041}", "\x00", "é", "a", " "),
);

test("a quoted text is parsed back to itself", () => {
	fc.assert(
		fc.property(fc.string({ unit: units, maxLength: 200 }), (text) => {
			assert.equal(JSON.parse(quote(text)), text);
		}),
		{ numRuns: 1000 },
	);
});

test("no character that a terminal acts on is left in a quoted text", () => {
	fc.assert(
		fc.property(fc.string({ unit: units, maxLength: 200 }), (text) => {
			assert.doesNotMatch(quote(text), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
		}),
		{ numRuns: 1000 },
	);
});

test("plain is what stands in JSON as it is", () => {
	assert.equal(isPlain("GET /a?b=c [d]"), true);
	for (const text of ['"', "\\", "\x1f", "\x7f", "é"]) {
		assert.equal(isPlain(`a${text}`), false, JSON.stringify(text));
	}
});

test("times have six decimals at most", () => {
	assert.equal(
		timeField("time", 1_700_000_000.000123),
		',"time":1700000000.000123',
	);
	assert.equal(
		timeField("time", 1_700_000_000.1234567),
		',"time":1700000000.123457',
	);
	assert.equal(timeField("time", 1_700_000_000), ',"time":1700000000');
	const ticks = fc.integer({ min: 0, max: 2 ** 32 * 1e6 });
	fc.assert(
		fc.property(ticks, (microseconds) => {
			const field = timeField("t", microseconds / 1e6);
			assert.match(field, /^,"t":\d+(?:\.\d{1,6})?$/);
		}),
	);
});

test("milliseconds have three decimals at most", () => {
	assert.equal(millisecondsField("ms", 1e9, 1e9 + 0.1), ',"ms":100');
	assert.equal(millisecondsField("ms", 1.7e9, 1.7e9 + 0.000_05), ',"ms":0.05');
	assert.equal(millisecondsField("ms", 2, 1), ',"ms":-1000');
});

test("what is not known, or no number, leaves no field", () => {
	assert.equal(timeField("t", undefined), "");
	assert.equal(timeField("t", Number.NaN), "");
	assert.equal(millisecondsField("ms", undefined, 1), "");
	assert.equal(millisecondsField("ms", 1, undefined), "");
});
