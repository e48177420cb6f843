import assert from "node:assert/strict";
import { test } from "node:test";
import { emptySegment, readTcp } from "../../../src/capture/network/tcp.js";
import { packetOf } from "./crafted.js";

/** A header in hex with the given data offset byte. */
const header = (offset: string) =>
	`9c40 2328 fffffffe 80000000 ${offset} 18 0200 0000 0000`;

test("a segment is read, its numbers with a sign", () => {
	const segment = emptySegment();
	const packet = packetOf(`ffff ${header("50")} 010203`);
	assert.equal(readTcp(packet, 2, 25, segment), true);
	assert.deepEqual(segment, {
		sourcePort: 40000,
		destinationPort: 9000,
		sequence: -2,
		acknowledgment: -(2 ** 31),
		flags: 0x18,
		payloadAt: 22,
		payloadLength: 3,
		capturedLength: 3,
	});
});

/** What the case is, the bytes, the segment's end, and its payload: start, length, captured. */
const CASES: readonly (readonly [
	string,
	string,
	number,
	readonly [number, number, number] | undefined,
])[] = [
	["options", `${header("60")} 01010101 ff`, 25, [24, 1, 1]],
	["a trailer behind it", `${header("50")} ff 0000`, 21, [20, 1, 1]],
	["a payload cut by a snap length", `${header("50")} ff`, 1480, [20, 1460, 1]],
	["options cut by a snap length", header("80"), 100, [32, 68, 0]],
	["no payload", header("50"), 20, [20, 0, 0]],
	["a cut header", "9c402328", 100, undefined],
	["a data offset below five words", `${header("40")} ff`, 21, undefined],
	["a data offset behind the end", `${header("f0")} ff`, 21, undefined],
];

for (const [what, hex, end, expected] of CASES) {
	test(`a segment with ${what} is ${expected ? "read" : "refused"}`, () => {
		const segment = emptySegment();
		const read = readTcp(packetOf(hex), 0, end, segment);
		assert.equal(read, expected !== undefined);
		if (expected === undefined) return;
		const { payloadAt, payloadLength, capturedLength } = segment;
		assert.deepEqual([payloadAt, payloadLength, capturedLength], expected);
	});
}
