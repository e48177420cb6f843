import assert from "node:assert/strict";
import { test } from "node:test";
import { inTimeOrder } from "../../../src/capture/packet/in-time-order.js";
import type { Packet } from "../../../src/capture/packet/packet.js";

function packetsAt(
	...times: readonly (number | undefined)[]
): readonly Packet[] {
	return times.map((timestamp, i) => ({
		frame: i + 1,
		timestamp,
		linkType: 1,
		bytes: Buffer.alloc(0),
		start: 0,
		end: 0,
		originalLength: 0,
	}));
}

test("packets in order are handed on as they are", () => {
	const packets = packetsAt(1, 2, 2, 3);
	assert.equal(inTimeOrder(packets), packets);
	assert.deepEqual(inTimeOrder([]), []);
});

test("packets out of order are sorted by time, equal times by their place", () => {
	const packets = packetsAt(1, 3, 2, 3, 2);
	const frames = inTimeOrder(packets).map(({ frame }) => frame);
	assert.deepEqual(frames, [1, 3, 5, 2, 4]);
	assert.deepEqual(packets, packetsAt(1, 3, 2, 3, 2));
});

test("where some have no time, all stay as they are", () => {
	const packets = packetsAt(2, undefined, 1);
	assert.equal(inTimeOrder(packets), packets);
});
