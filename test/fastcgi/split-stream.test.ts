// Streams into records.

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import {
	ALIGNED_RECORD_SIZE,
	splitStream,
} from "../../src/fastcgi/split-stream.js";

const shape = (...args: Parameters<typeof splitStream>) =>
	splitStream(...args).map((draft) => [
		draft.contentData?.length,
		encodeRecord(draft)[6],
	]);

test("an empty stream is its closing record", () => {
	assert.deepEqual(splitStream(5, 7, Buffer.alloc(0)), [
		{ type: 5, requestId: 7, contentData: Buffer.alloc(0), paddingLength: 0 },
	]);
});

test("a stream is full records, the rest, and the empty record", () => {
	const content = Buffer.from("abcdefg");
	const drafts = splitStream(5, 7, content, { recordSize: 3 });
	assert.deepEqual(
		drafts.map((draft) => draft.contentData?.toString()),
		["abc", "def", "g", ""],
	);
	assert.deepEqual(shape(5, 7, content.subarray(0, 6), { recordSize: 3 }), [
		[3, 0],
		[3, 0],
		[0, 0],
	]);
});

test("records are by default as long as alignment lets them be", () => {
	assert.equal(ALIGNED_RECORD_SIZE, 65_528);
	assert.deepEqual(shape(6, 1, Buffer.alloc(65_529)), [
		[65_528, 0],
		[1, 0],
		[0, 0],
	]);
});

test("padding is none, to eight bytes, or a number", () => {
	const content = Buffer.alloc(18);
	const padding = (policy: "none" | "align8" | number) =>
		shape(5, 1, content, { recordSize: 8, padding: policy }).map(
			([, length]) => length,
		);
	assert.deepEqual(padding("none"), [0, 0, 0, 0]);
	assert.deepEqual(padding("align8"), [0, 0, 6, 0]);
	assert.deepEqual(padding(255), [255, 255, 255, 255]);
});

test("aligned records end on multiples of eight, whatever their content", () => {
	for (let length = 1; length <= 20; length++) {
		for (const draft of splitStream(5, 1, Buffer.alloc(20), {
			recordSize: length,
			padding: "align8",
		})) {
			assert.equal(encodeRecord(draft).length % 8, 0, `size ${length}`);
		}
	}
});

test("a size or padding that no record can have is a RangeError", () => {
	for (const options of [
		{ recordSize: 0 },
		{ recordSize: 65_536 },
		{ recordSize: 1.5 },
		{ padding: 256 },
		{ padding: -1 },
	]) {
		assert.throws(
			() => splitStream(5, 1, Buffer.alloc(1), options),
			RangeError,
			JSON.stringify(options),
		);
	}
});
