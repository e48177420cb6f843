import assert from "node:assert/strict";
import { test } from "node:test";
import { UpperPdus } from "../../../src/capture/network/upper-pdu.js";
import type { Piece } from "../../../src/capture/recognition/flow.js";
import { packetOf, REQUEST, RESPONSE } from "./crafted.js";

const FCGI = "000c000466636769";
const A = "001400040a000001 001500040a000002 001900040000a000 001a000400002328";
const B = "001400040a000002 001500040a000001 0019000400002328 001a00040000a000";
const END = "00000000";

function taken(...packets: readonly string[]) {
	const link = new UpperPdus();
	const pieces: Piece[] = [];
	for (const hex of packets) link.take(packetOf(hex, 252, 3), pieces);
	return {
		told: pieces.map(({ flow, side, bytes }) => [
			flow.addressOf(0),
			flow.addressOf(1),
			side,
			bytes.toString("hex"),
		]),
		known: pieces.map(({ flow }) => flow.streams[0].startKnown),
		remarks: link.remarks(),
	};
}

test("both directions of a pair of ends are one conversation", () => {
	const { told, remarks } = taken(
		`${FCGI}${A}${END}aa`,
		`${FCGI}${B}${END}bb`,
		`${A}${FCGI}${END}cc`,
	);
	const ends = ["10.0.0.1:40960", "10.0.0.2:9000"];
	assert.deepEqual(told, [
		[...ends, 0, "aa"],
		[...ends, 1, "bb"],
		[...ends, 0, "cc"],
	]);
	assert.deepEqual(remarks, []);
});

test("without addresses, the types of records tell the sides", () => {
	const request = REQUEST.toString("hex");
	const response = RESPONSE.toString("hex");
	const { told, known } = taken(
		`${FCGI}${END}${request}`,
		`${FCGI}${END}${response}`,
		`${FCGI}${END}00`,
	);
	assert.deepEqual(told, [
		[undefined, undefined, 0, request],
		[undefined, undefined, 1, response],
		[undefined, undefined, 1, "00"],
	]);
	assert.deepEqual(known, [true, true, true]);
});

test("a conversation that does not start with a request may have begun before", () => {
	assert.deepEqual(
		taken(`${FCGI}${A}${END}${RESPONSE.toString("hex")}`).known,
		[false],
	);
});

test("names are read up to their padding, and those of others are left out", () => {
	const http = "000c000468747470";
	const padded = "000d000866636769 00000000";
	const { told, remarks } = taken(
		`${http}${END}aa`,
		`${padded}${END}bb`,
		`${END}cc`,
	);
	assert.deepEqual(
		told.map(([, , , bytes]) => bytes),
		["bb"],
	);
	assert.deepEqual(remarks, [
		"2 exported units of other protocols than fcgi left out",
	]);
});

test("tags without end are damage, and said", () => {
	const { told, remarks } = taken(
		FCGI,
		`${FCGI}001400ff0a`,
		"00",
		"00630000".repeat(100),
	);
	assert.deepEqual(told, []);
	assert.deepEqual(remarks, [
		"4 packets with damaged or cut tags of an export left out",
	]);
});
