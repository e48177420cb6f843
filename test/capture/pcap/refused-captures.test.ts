import assert from "node:assert/strict";
import { test } from "node:test";
import { Head } from "../../../src/capture/head.js";
import { formatOf, refusedFormatOf } from "../../../src/capture/index.js";

/** What `editcap -F` 4.0 writes of an Ethernet capture starts with. */
const STARTS: readonly (readonly [string, string])[] = [
	["5View", "aaaaaaaa2000000000100100180000000010001800000000"],
	["btsnoop", "6274736e6f6f700000000001000003ea0000004a0000004a"],
	["EyeSDN", "45796553444eff061a80006b023f5c0001004a0000000000"],
	[
		"K12 text",
		"2b2d2d2d2d2d2d2d2d2d2b2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2b2d2d2d2d2d2d2d2d2d2d2b0d0a",
	],
	["LANalyzer", "01104c000105547261636520446973706c61792054726163"],
	["Network Monitor 1", "5254535301010100ea070b00000016000100030018009001"],
	["Network Monitor 2", "474d425500020100ea070b00000016000100030018009001"],
	["nettl", "5452006400000000000000802f746d702f77697265736861"],
	["Sniffer (DOS)", "5452534e4946462064617461202020201a01001200000004"],
	[
		"NetXray or Sniffer (Windows)",
		"584350003030322e303031005c3f026b2000000000000000",
	],
	["Observer", "4f62736572766572506b7442756666657256657273696f6e"],
	["snoop", "736e6f6f7000000000000002000000040000004a0000004a"],
	["Visual Networks", "05564e46200000005c3f026b0600ffff0100010000000000"],
];

for (const [name, hex] of STARTS) {
	test(`${name} is refused by name, with the command that helps`, () => {
		const head = new Head(Buffer.from(hex, "hex"), true);
		assert.equal(formatOf(head), undefined);
		const refused = refusedFormatOf(head);
		assert.equal(refused?.name, name);
		assert.match(refused?.advice ?? "", /editcap -F pcapng IN OUT/);
	});
}
