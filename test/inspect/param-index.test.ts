import assert from "node:assert/strict";
import { test } from "node:test";
import { ParamIndex } from "../../src/inspect/param-index.js";

function indexOf(...pairs: readonly (readonly [string, string])[]) {
	const index = new ParamIndex();
	const parameters = pairs.map(([name, value]) => {
		return { name, value, latin1: false };
	});
	return { index, parameters };
}

test("a parameter is found by its name, of a repeated one the last", () => {
	const { index, parameters } = indexOf(
		["A", "1"],
		["", "empty"],
		["NAME", "2"],
		["A", "3"],
	);
	assert.equal(index.find(parameters, "A"), "3");
	assert.equal(index.find(parameters, ""), "empty");
	assert.equal(index.find(parameters, "NAME"), "2");
	assert.equal(index.find(parameters, "B"), undefined);
});

test("names that are alike in length, middle and end are told apart", () => {
	const { index, parameters } = indexOf(["XAMPLE", "1"], ["YAMPLE", "2"]);
	assert.equal(index.find(parameters, "XAMPLE"), "1");
	assert.equal(index.find(parameters, "YAMPLE"), "2");
	assert.equal(index.find(parameters, "ZAMPLE"), undefined);
	assert.equal(index.hasRepeated(parameters), false);
});

test("parameters that come later are found, too", () => {
	for (const before of [1, 100]) {
		const pairs = Array.from(
			{ length: before },
			(_, i) => [`N${i}`, ""] as const,
		);
		const { index, parameters } = indexOf(...pairs);
		assert.equal(index.find(parameters, "LATE"), undefined);
		const late = { name: "LATE", value: "1", latin1: false };
		parameters.push(late);
		assert.equal(index.find(parameters, "LATE"), "1");
		assert.equal(index.hasRepeated(parameters), false);
		parameters.push(late);
		assert.equal(index.hasRepeated(parameters), true);
	}
});

for (const count of [3, 1000]) {
	test(`a repeated name among ${count} is noticed`, () => {
		const names = Array.from({ length: count }, (_, i) => `NAME_${i}`);
		const pairs = names.map((name) => [name, ""] as const);
		const once = indexOf(...pairs);
		assert.equal(once.index.hasRepeated(once.parameters), false);
		const twice = indexOf(...pairs, ["NAME_1", ""]);
		assert.equal(twice.index.hasRepeated(twice.parameters), true);
	});
}
