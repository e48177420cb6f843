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

/** Where a unit is in its stream: from one number to another, with flags of TCP. */
function place(sequence: number, next: number, flags = 0): string {
	const bytes = Buffer.alloc(23);
	bytes.writeUInt16BE(34, 0);
	bytes.writeUInt16BE(19, 2);
	bytes.writeUInt16BE(1, 4);
	bytes.writeUInt32BE(sequence, 6);
	bytes.writeUInt32BE(next, 10);
	bytes.writeUInt16BE(flags, 19);
	return bytes.toString("hex");
}

const DATA = "000c000464617461";

/** Pieces of packets, of which the last bytes may not have been captured. */
function pieces(...packets: readonly (readonly [string, number?])[]) {
	const link = new UpperPdus();
	const made: Piece[] = [];
	for (const [hex, cut = 0] of packets) {
		const packet = packetOf(hex, 252);
		const originalLength = packet.originalLength + cut;
		link.take({ ...packet, originalLength }, made);
	}
	return made;
}

test("bytes of no protocol belong to the conversation of their ends", () => {
	const [record, rubbish] = pieces(
		[`${FCGI}${A}${END}aa`],
		[`${DATA}${A}${END}bb`],
	);
	assert.equal(rubbish?.flow, record?.flow);
	assert.equal(rubbish?.bytes.toString("hex"), "bb");
});

test("a unit that opens a conversation begins another one of the same ends, either way round", () => {
	const made = pieces(
		[`${FCGI}${A}${END}aa`],
		[`${DATA}${B}${place(0, 0, 2)}${END}`],
		[`${FCGI}${A}${END}bb`],
		[`${FCGI}${B}${place(0, 1, 2)}${END}cc`],
	);
	assert.equal(made.length, 3);
	assert.equal(new Set(made.map(({ flow }) => flow)).size, 3);
	const [first, second, third] = made.map(({ flow }) => flow);
	assert.deepEqual(
		[first, second, third].map((flow) => flow?.streams[0].startKnown),
		[false, true, true],
	);
	assert.deepEqual(
		[first, second, third].map((flow) => flow?.openedAt),
		[undefined, 0, undefined],
	);
});

test("a unit without bytes closes its direction, one with bytes does not", () => {
	const made = pieces(
		[`${FCGI}${A}${place(0, 1, 1)}${END}aa`],
		[`${DATA}${A}${place(1, 1, 1)}${END}`],
		[`${DATA}${B}${place(0, 0, 4)}${END}`],
	);
	assert.deepEqual(
		made.map(({ side, closes }) => [side, closes]),
		[
			[0, undefined],
			[0, "fin"],
			[1, "rst"],
		],
	);
});

test("of a cut unit, what the stream lacks is missing, and not what follows in units of its own", () => {
	const told = (made: readonly Piece[]) =>
		made.map(({ bytes, missingBefore }) => [bytes.length, missingBefore]);
	assert.deepEqual(told(pieces([`${FCGI}${A}${END}aabb`, 10])), [
		[2, 0],
		[0, 10],
	]);
	assert.deepEqual(told(pieces([`${FCGI}${A}${place(5, 11)}${END}aabb`, 10])), [
		[2, 0],
		[0, 4],
	]);
	assert.deepEqual(told(pieces([`${FCGI}${A}${place(5, 7)}${END}aabb`, 10])), [
		[2, 0],
	]);
	// Around the end of the numbers; and where the numbers are of something else.
	const around = place(0xffff_ffff, 4);
	assert.deepEqual(told(pieces([`${FCGI}${A}${around}${END}aabb`, 10])), [
		[2, 0],
		[0, 3],
	]);
	assert.deepEqual(told(pieces([`${FCGI}${A}${place(5, 6)}${END}aabb`])), [
		[2, 0],
	]);
});
