import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldBytes } from "../../src/inspect/held-bytes.js";

/** Spans as text, holes in dots. */
function told(held: HeldBytes, bytes: Buffer): string[] {
	return held
		.spans(bytes)
		.map(
			({ offset, length, bytes: there }) =>
				`${offset} ${there?.toString() ?? ".".repeat(length)}`,
		);
}

function filled(): HeldBytes {
	const held = new HeldBytes();
	held.startAt(100);
	held.add(Buffer.from("abc"));
	held.addHole(2);
	held.add(Buffer.from("de"));
	held.add(Buffer.from("f"));
	held.addHole(1);
	held.addHole(3);
	held.add(Buffer.from("g"));
	return held;
}

test("bytes and holes keep their places", () => {
	const held = filled();
	assert.equal(held.length, 13);
	const bytes = held.take();
	assert.equal(bytes.toString("latin1"), "abc\xff\xffdef\xff\xff\xff\xffg");
	assert.equal(held.length, 0);
	assert.deepEqual(told(held, bytes), [
		"100 abc",
		"103 ..",
		"105 def",
		"108 .",
		"109 ...",
		"112 g",
	]);
});

test("holes are known of a part, and behind a step", () => {
	const held = filled();
	const bytes = held.take();
	assert.deepEqual(told(held, bytes.subarray(0, 5)), ["100 abc", "103 .."]);
	assert.deepEqual(told(held, bytes.subarray(0, 3)), ["100 abc"]);
	held.stepTo(106);
	assert.deepEqual(told(held, bytes.subarray(6)), [
		"106 ef",
		"108 .",
		"109 ...",
		"112 g",
	]);
	held.add(bytes.subarray(6));
	assert.equal(held.length, 7);
	held.startAt(0);
	held.add(Buffer.from("xyz"));
	assert.deepEqual(told(held, held.take()), ["0 xyz"]);
});
