import assert from "node:assert/strict";
import { test } from "node:test";
import type { Packet } from "../../../src/capture/packet/packet.js";
import { IntervalTimes } from "../../../src/capture/packet-text/interval-times.js";

/** The timestamps that come of intervals. */
function dated(intervals: readonly number[]): (number | undefined)[] {
	const stage = new IntervalTimes();
	const packets: Packet[] = [];
	for (const [i, timestamp] of intervals.entries()) {
		packets.push(
			...stage.push({
				frame: i + 1,
				timestamp,
				linkType: 1,
				bytes: Buffer.alloc(0),
				start: 0,
				end: 0,
				originalLength: 0,
			}),
		);
	}
	packets.push(...stage.end());
	assert.deepEqual(
		packets.map(({ frame }) => frame),
		intervals.map((_, i) => i + 1),
	);
	return packets.map(({ timestamp }) => timestamp);
}

test("intervals that grow count from the first packet", () => {
	assert.deepEqual(dated([0, 1, 1, 2, 10]), [0, 1, 1, 2, 10]);
});

test("intervals that grow but for a packet out of order count from the first, too", () => {
	assert.deepEqual(dated([0, 1, 3, 2, 4, 5, 6, 7]), [0, 1, 3, 2, 4, 5, 6, 7]);
});

test("intervals that fall again and again add up", () => {
	assert.deepEqual(dated([0, 4, 1, 4, 1]), [0, 4, 5, 9, 10]);
});

test("an interval that is negative is one between packets", () => {
	assert.deepEqual(dated([0, 2, 3, 4, -1, 5]), [0, 2, 5, 9, 8, 13]);
});

test("of many packets, no more are held than it takes to decide", () => {
	const deltas = Array.from({ length: 500 }, (_, i) => i % 2);
	const sums = deltas.map((_, i) => Math.ceil(i / 2));
	assert.deepEqual(dated(deltas), sums);
});
