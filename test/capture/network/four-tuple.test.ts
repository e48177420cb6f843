import assert from "node:assert/strict";
import { test } from "node:test";
import {
	emptyTuple,
	endpointText,
	type FourTuple,
	hashTuple,
	oppositeTuple,
	readTuple,
	sameTuple,
	turned,
} from "../../../src/capture/network/four-tuple.js";
import { emptyDatagram } from "../../../src/capture/network/ip.js";
import { emptySegment } from "../../../src/capture/network/tcp.js";

/** The tuple of addresses given in hex, port 40000 to 9000. */
function tupleOf(source: string, destination: string): FourTuple {
	const bytes = Buffer.from(source + destination, "hex");
	const tuple = emptyTuple();
	readTuple(
		bytes,
		{
			...emptyDatagram(),
			version: bytes.length === 8 ? 4 : 6,
			sourceAt: 0,
			destinationAt: bytes.length / 2,
		},
		{ ...emptySegment(), sourcePort: 40000, destinationPort: 9000 },
		tuple,
	);
	return tuple;
}

/** An address in hex, and as RFC 5952 writes it. */
const ADDRESSES: readonly (readonly [string, string])[] = [
	["7f000001", "127.0.0.1"],
	["fffefdfc", "255.254.253.252"],
	["00000000000000000000000000000001", "[::1]"],
	["00000000000000000000000000000000", "[::]"],
	["20010db8000000000000000000000001", "[2001:db8::1]"],
	["20010db8000000010001000100010001", "[2001:db8:0:1:1:1:1:1]"],
	["20010000000000010000000000000001", "[2001:0:0:1::1]"],
	["20010db8000000000001000000000001", "[2001:db8::1:0:0:1]"],
	["fe800000000000000000000000000000", "[fe80::]"],
	["00010002000300040005000600070008", "[1:2:3:4:5:6:7:8]"],
	["ABCDEF00000000000000000000000000", "[abcd:ef00::]"],
	["00000000000000000000ffffc0000201", "[::ffff:192.0.2.1]"],
];

for (const [hex, text] of ADDRESSES) {
	test(`${hex} is written ${text}`, () => {
		const other = hex.replace(/./g, "1");
		assert.equal(endpointText(tupleOf(hex, other), "source"), `${text}:40000`);
		const there = endpointText(tupleOf(other, hex), "destination");
		assert.equal(there, `${text}:9000`);
	});
}

test("both directions have the same hash, and are told apart", () => {
	for (const [hex] of ADDRESSES) {
		const there = tupleOf(hex, hex.replace(/./g, "2"));
		const back = turned(there);
		assert.equal(hashTuple(there), hashTuple(back), hex);
		assert.ok(sameTuple(there, { ...there }), hex);
		assert.ok(oppositeTuple(there, back), hex);
		assert.ok(!sameTuple(there, back), hex);
		assert.ok(!oppositeTuple(there, there), hex);
	}
});

test("a tuple differs from another in any one field", () => {
	const tuple = tupleOf("20010db8000000010001000100010001", "1".repeat(32));
	for (const field of Object.keys(tuple) as (keyof FourTuple)[]) {
		const other = { ...tuple, [field]: tuple[field] + 1 };
		assert.ok(!sameTuple(tuple, other), field);
		assert.ok(!oppositeTuple(turned(tuple), other), field);
	}
});

test("the hashes of many connections to one port are spread", () => {
	const hashes = new Set<number>();
	const tuple = tupleOf("7f000001", "7f000001");
	for (let port = 1024; port < 65536; port++) {
		tuple.sourcePort = port;
		hashes.add(hashTuple(tuple));
	}
	assert.ok(hashes.size > 60_000, `${hashes.size} hashes of 64512`);
});
