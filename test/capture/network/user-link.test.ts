import assert from "node:assert/strict";
import { test } from "node:test";
import { UserLink } from "../../../src/capture/network/user-link.js";
import type { Piece } from "../../../src/capture/recognition/flow.js";
import { packetOf, RESPONSE } from "./crafted.js";

const pid = (number: number) => number.toString(16).padStart(16, "0");
const path = (text: string) =>
	Buffer.from(text, "latin1").toString("hex").padEnd(216, "0");
const PAYLOAD = RESPONSE.toString("hex");

/** What a link makes of packets. */
function taken(packets: readonly string[], skip?: number) {
	const link = new UserLink(147, skip);
	const pieces: Piece[] = [];
	for (const hex of packets) {
		const packet = packetOf(hex, 147, 5);
		link.take(packet, pieces);
	}
	return {
		told: pieces.map(({ flow, side, bytes }) => [
			flow.addressOf(0),
			flow.addressOf(1),
			side,
			bytes.toString("hex"),
		]),
		remarks: link.remarks(),
	};
}

test("who is seen first opens the conversation, and the path is where the application listens", () => {
	const { told, remarks } = taken([
		`0e${path("/run/php.sock")}${pid(7)}${pid(9)}aa`,
		`0e${path("/run/php.sock")}${pid(9)}${pid(8)}bb`,
		`0e${path("/run/php.sock")}${pid(7)}${pid(9)}cc`,
		`0e${path("/run/php.sock")}${pid(7)}${pid(10)}dd`,
		`0e${path("/run/other.sock")}${pid(7)}${pid(9)}ee`,
	]);
	assert.deepEqual(told, [
		["pid 9", "/run/php.sock", 0, "aa"],
		["pid 9", "/run/php.sock", 1, "bb"],
		["pid 9", "/run/php.sock", 0, "cc"],
		["pid 10", "/run/php.sock", 0, "dd"],
		["pid 9", "/run/other.sock", 0, "ee"],
	]);
	assert.deepEqual(remarks, []);
});

test("where the application is seen first, the path is its address all the same", () => {
	const { told } = taken([`05${path("/run")}${pid(9)}${pid(7)}${PAYLOAD}`]);
	assert.deepEqual(told, [["/run", "pid 9", 0, PAYLOAD]]);
});

test("names of the abstract namespace start with @, and no name is none", () => {
	const { told } = taken([
		`00${path("\0fpm")}${pid(7)}${pid(9)}aa`,
		`00${path("")}${pid(7)}${pid(9)}bb`,
		`${pid(7)}${pid(9)}cc`,
	]);
	assert.deepEqual(
		told.map(([, application]) => application),
		["@fpm", "pid 7", "pid 7"],
	);
});

test("what has another header is left out, and said", () => {
	const { told, remarks } = taken([
		"ff".repeat(200),
		`05${path("/run")}${"ff".repeat(8)}${pid(9)}aa`,
		`05${path("/run\0x")}${pid(7)}${pid(9)}aa`,
		"00",
	]);
	assert.deepEqual(told, []);
	assert.deepEqual(remarks, [
		"4 packets of link type 147 without the header of sockdump left out: --skip N says how long the header is",
	]);
});

test("a packet that is shorter than the header to be skipped is left out, and said", () => {
	const { told, remarks } = taken([`0102${PAYLOAD}`, "01"], 2);
	assert.deepEqual(told, [[undefined, undefined, 1, PAYLOAD]]);
	assert.deepEqual(remarks, [
		"1 packet of link type 147 left out: shorter than their header",
	]);
});

test("what a snap length cut is missing behind it", () => {
	const link = new UserLink(147, 2);
	const pieces: Piece[] = [];
	link.take({ ...packetOf("0102aabb", 147), originalLength: 10 }, pieces);
	assert.deepEqual(
		pieces.map(({ bytes, missingBefore }) => [bytes.length, missingBefore]),
		[
			[2, 0],
			[0, 6],
		],
	);
});
