import assert from "node:assert/strict";
import { test } from "node:test";
import { FcgiInspectError } from "../../../src/errors.js";
import { requestNumbers } from "../../../src/send/replay/request-numbers.js";

const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);

for (const [texts, numbers] of [
	[["3"], [3]],
	[["2,4-6"], [2, 4, 5, 6]],
	[
		["1", "3, 5"],
		[1, 3, 5],
	],
	[["7-"], [7, 8, 9]],
	[["4-4"], [4]],
] as const) {
	test(`--request ${texts.join(" ")} is ${numbers}`, () => {
		const meant = requestNumbers(texts);
		assert.deepEqual(
			upTo(9).filter((number) => meant.has(number)),
			numbers,
		);
		meant.refuseBeyond(9);
	});
}

for (const text of ["", "0", "a", "-3", "5-4", "1,,2", "1.5", "9999999999"]) {
	test(`refuses --request '${text}'`, () => {
		assert.throws(() => requestNumbers([text]), FcgiInspectError);
	});
}

test("what the recording does not have is refused by its number", () => {
	assert.throws(
		() => requestNumbers(["2-7"]).refuseBeyond(6),
		/no request 7: the recording has 6 requests/,
	);
	assert.throws(
		() => requestNumbers(["7-"]).refuseBeyond(1),
		/no request 7: the recording has 1 request$/,
	);
});
