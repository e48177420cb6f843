import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketPool } from "../../../src/capture/packet/packet-pool.js";

test("packets are new until they may be used again, and then filled in anew", () => {
	const pool = new PacketPool();
	const [a, b] = [Buffer.from("a"), Buffer.from("b")];
	const first = pool.make(1, 0.5, 101, a, 0, 1, 1);
	const second = pool.make(2, undefined, 101, a, 0, 1, 1);
	assert.notEqual(first, second);
	pool.reuse();
	const third = pool.make(3, 1.5, 1, b, 2, 3, 4);
	assert.equal(third, first);
	assert.deepEqual(third, {
		frame: 3,
		timestamp: 1.5,
		linkType: 1,
		bytes: b,
		start: 2,
		end: 3,
		originalLength: 4,
	});
	assert.equal(second.frame, 2);
});
