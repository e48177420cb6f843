import assert from "node:assert/strict";
import { test } from "node:test";
import { UnframedBytes } from "../../../src/capture/write/unframed-bytes.js";
import { seededRandom } from "../../support/any-cut.js";

test("what is added comes out once and in order, whatever becomes of the chunks", () => {
	const random = seededRandom(3);
	const below = (limit: number) => Math.floor(random() * limit);
	const unframed = new UnframedBytes();
	let next = 0;
	let expected: number[] = [];
	for (let round = 0; round < 2000; round++) {
		const chunk = Buffer.alloc(below(round % 50 === 0 ? 40_000 : 40));
		for (let i = 0; i < chunk.length; i++) chunk[i] = next++;
		expected.push(...chunk);
		unframed.add(chunk);
		for (let step = below(4); step > 0; step--) {
			const dropped = Math.min(below(60), unframed.length);
			unframed.drop(dropped);
			expected = expected.slice(dropped);
			const first = unframed.first(below(60));
			assert.deepEqual([...first], expected.slice(0, first.length));
		}
		if (round % 100 === 99) {
			unframed.drop(unframed.length);
			expected = [];
		}
		unframed.keep();
		chunk.fill(0xee);
		assert.equal(unframed.length, expected.length);
	}
	assert.deepEqual([...unframed.first(expected.length)], expected);
});

test("more than there is cannot be dropped", () => {
	const unframed = new UnframedBytes();
	unframed.add(Buffer.from("abc"));
	unframed.drop(10);
	assert.equal(unframed.length, 0);
});
