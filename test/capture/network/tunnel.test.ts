// What the envelopes of encapsulated.test.ts do not have: tunnels that carry something else, or lie.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_IP } from "../../../src/capture/network/ethertype.js";
import { emptyDatagram, readIp } from "../../../src/capture/network/ip.js";
import { carriedIp } from "../../../src/capture/network/tunnel.js";
import { gre, ipv4, udp } from "../../support/encapsulation.js";
import { packetOf } from "./crafted.js";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");
const IP = hex("45");
const MACS = "020000000001020000000002";

/** What it is, the datagram, and where in it the IP header is. */
const CASES: readonly (readonly [string, Buffer, number])[] = [
	["IP in IP", ipv4(4, IP), 20],
	["nothing in IP", ipv4(4, Buffer.alloc(0)), 20],
	["ICMP", ipv4(1, IP), NO_IP],
	["ESP", ipv4(50, IP), NO_IP],
	["MPLS in IP", ipv4(137, hex("0001013f45")), 24],
	["GRE", ipv4(47, gre(0, hex("0800"), IP)), 24],
	[
		"GRE with a routing field",
		ipv4(47, gre(0x4000, hex("0800"), IP, "0000000000000000")),
		NO_IP,
	],
	["GRE of version 2", ipv4(47, gre(2, hex("0800"), IP)), NO_IP],
	["GRE with Cisco's redirection", ipv4(47, gre(0, hex("883e"), IP)), NO_IP],
	[
		"GRE cut in its fields",
		ipv4(47, gre(0xb000, hex("0800"), hex("00"))),
		NO_IP,
	],
	[
		"PPTP with an acknowledgment",
		ipv4(
			47,
			gre(
				0x3081,
				hex("880b"),
				hex("ff030021 45"),
				"00050007 00000001 00000001",
			),
		),
		40,
	],
	[
		"PPTP with LCP",
		ipv4(47, gre(0x3001, hex("880b"), hex("ff03c021 45"), "00050007 00000001")),
		NO_IP,
	],
	[
		"ERSPAN of the third form with a subheader",
		ipv4(
			47,
			gre(
				0x1000,
				hex("22eb"),
				hex(`20000000 00000000 00000001 0000000000000000 ${MACS}0800 45`),
				"00000001",
			),
		),
		62,
	],
	[
		"ERSPAN of the third form, cut",
		ipv4(47, gre(0x1000, hex("22eb"), hex("20000000"), "00000001")),
		NO_IP,
	],
	["VXLAN", ipv4(17, udp(4789, hex(`0800000000002a00 ${MACS}0800 45`))), 50],
	[
		"VXLAN without a network identifier",
		ipv4(17, udp(4789, hex(`0000000000002a00 ${MACS}0800 45`))),
		NO_IP,
	],
	[
		"VXLAN with ARP",
		ipv4(17, udp(4789, hex(`0800000000002a00 ${MACS}0806 45`))),
		NO_IP,
	],
	["VXLAN, cut", ipv4(17, udp(4789, hex("08000000"))), NO_IP],
	["Geneve with IPv6", ipv4(17, udp(6081, hex("0000 86dd 00002a00 60"))), 36],
	[
		"Geneve of version 1",
		ipv4(17, udp(6081, hex("4000 86dd 00002a00 60"))),
		NO_IP,
	],
	["MPLS in UDP", ipv4(17, udp(6635, hex("0001003f 0001013f 45 000000"))), 36],
	["DNS", ipv4(17, udp(53, hex("000000000000000000000000"))), NO_IP],
];

for (const [what, bytes, expected] of CASES) {
	test(`${what}: ${expected === NO_IP ? "no IP" : `IP at ${expected}`}`, () => {
		const packet = packetOf(bytes.toString("hex"), 101, 3);
		const datagram = emptyDatagram();
		assert.equal(readIp(packet, packet.start, datagram), "datagram");
		const at = carriedIp(packet, datagram);
		assert.equal(at === NO_IP ? at : at - packet.start, expected);
	});
}

test("no tunnel is found behind the end of what was captured", () => {
	for (const [what, bytes, expected] of CASES) {
		for (let length = 20; length < bytes.length; length++) {
			const whole = packetOf(bytes.toString("hex"));
			const packet = { ...whole, end: length };
			const datagram = emptyDatagram();
			readIp(packet, 0, datagram);
			const at = carriedIp(packet, datagram);
			assert.ok(at === NO_IP || at === expected, `${what}, ${length} bytes`);
		}
	}
});
