import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_IP } from "../../../src/capture/network/ethertype.js";
import { LINK_TYPES } from "../../../src/capture/network/link.js";
import { packetOf } from "./crafted.js";

const MACS = "aaaaaaaaaaaabbbbbbbbbbbb";

/** Link type, what the case is, the header in hex, and where the IP header starts. */
const CASES: readonly (readonly [number, string, string, number])[] = [
	[0, "little-endian AF_INET", "02000000", 4],
	[0, "big-endian AF_INET", "00000002", 4],
	[0, "little-endian AF_INET6 of Linux", "0a000000", 4],
	[0, "AF_INET6 of OpenBSD", "18000000", 4],
	[0, "AF_INET6 of FreeBSD", "1c000000", 4],
	[0, "big-endian AF_INET6 of macOS", "0000001e", 4],
	[0, "another family", "07000000", NO_IP],
	[0, "a cut header", "0200", NO_IP],
	[1, "IPv4", `${MACS}0800`, 14],
	[1, "IPv6", `${MACS}86dd`, 14],
	[1, "ARP", `${MACS}0806`, NO_IP],
	[1, "802.3 with a length", `${MACS}0026`, NO_IP],
	[1, "LLC with SNAP", `${MACS}0026aaaa030000000800`, 22],
	[1, "LLC with SNAP of a vendor", `${MACS}0026aaaa0300000c0800`, NO_IP],
	[1, "LLC with SNAP with a length", `${MACS}0026aaaa030000000026`, NO_IP],
	[1, "LLC of something else", `${MACS}0026424203000000000000`, NO_IP],
	[1, "a VLAN tag in front of LLC", `${MACS}810000640026aaaa0300000086dd`, 26],
	[1, "a label of MPLS", `${MACS}88470001013f45`, 18],
	[1, "three labels", `${MACS}8847000100400002004000010140${"60"}`, 26],
	[1, "labels assigned upstream", `${MACS}88480001013f60`, 18],
	[
		1,
		"Ethernet behind a label and a control word",
		`${MACS}88470001013f00000000${MACS}080045`,
		36,
	],
	[
		1,
		"a VLAN tag in Ethernet behind a label",
		`${MACS}88470001013f00000000${MACS}8100006408004500`,
		40,
	],
	[1, "labels and something else", `${MACS}88470001013f10`, NO_IP],
	[1, "labels without end", `${MACS}8847${"00010040".repeat(30)}45`, NO_IP],
	[1, "a cut label", `${MACS}88470001`, NO_IP],
	[1, "PPPoE", `${MACS}8864110000010016002145`, 22],
	[
		1,
		"PPPoE with IPv6 and a VLAN tag",
		`${MACS}81000064886411000001001600576000`,
		26,
	],
	[1, "PPPoE's discovery", `${MACS}8863110900000010`, NO_IP],
	[1, "PPPoE of a code that is none", `${MACS}8864110700010016002145`, NO_IP],
	[1, "one VLAN tag", `${MACS}810000640800`, 18],
	[
		1,
		"a provider's tag and a VLAN tag",
		`${MACS}88a8006481000001${"86dd"}`,
		22,
	],
	[1, "the old number for stacked tags", `${MACS}91000064810000010800`, 22],
	[1, "a VLAN tag in front of ARP", `${MACS}810000640806`, NO_IP],
	[1, "a cut VLAN tag", `${MACS}81000064`, NO_IP],
	[1, "tags without end", `${MACS}${"81000064".repeat(12)}0800`, NO_IP],
	[1, "a cut header", MACS, NO_IP],
	[9, "IPv4", "0021", 2],
	[9, "IPv6", "0057", 2],
	[9, "IPv4 behind address and control", "ff030021", 4],
	[9, "IPv4 with a protocol of one byte", "ff032145", 3],
	[9, "MPLS", "ff0302810001013f45", 8],
	[9, "LCP", "ff03c021", NO_IP],
	[9, "a cut header", "ff03", NO_IP],
	[9, "nothing", "", NO_IP],
	[50, "IPv4 on a serial line", "ff030021", 4],
	[51, "PPPoE", "110000010016002145", 8],
	[51, "a cut header", "11000001", NO_IP],
	[12, "raw IP", "45", 0],
	[100, "LLC with SNAP", "aaaa030000000800", 8],
	[104, "IPv4", "0f000800", 4],
	[104, "a keep-alive", "8f008035", NO_IP],
	[14, "raw IP", "45", 0],
	[101, "raw IP", "60", 0],
	[108, "AF_INET", "00000002", 4],
	[108, "AF_INET6 of OpenBSD", "00000018", 4],
	[113, "IPv4", `0000030400060000000000000000${"0800"}`, 16],
	[113, "IPv6", `0000030400060000000000000000${"86dd"}`, 16],
	[113, "ARP", `0000030400060000000000000000${"0806"}`, NO_IP],
	[113, "a VLAN tag", `0000030400060000000000000000${"810000640800"}`, 20],
	[113, "a cut header", "00000304", NO_IP],
	[204, "PPP that was sent", "01ff030021", 5],
	[204, "PPP that was received", "000057", 3],
	[219, "two labels", "000100400001013f45", 8],
	[228, "raw IPv4", "45", 0],
	[
		239,
		"little-endian attributes",
		"0200000108000100080000000500020078000000080009004500",
		24,
	],
	[
		239,
		"little-endian attributes, one of them padded",
		"0a00000108000100080000000a000a00666367693a0000000800090060000000",
		28,
	],
	[
		239,
		"big-endian attributes",
		"0a0000010008000108000000000a000a666367693a0000000008000960000000",
		28,
	],
	[239, "no IP", "02000001080009000b00", NO_IP],
	[239, "no packet", "0200000108000100080000", NO_IP],
	[239, "an attribute of no length", "0200000100000100080009004500", NO_IP],
	[239, "another layout", "02010001080009004500", NO_IP],
	[239, "a cut header", "0200", NO_IP],
	[229, "raw IPv6", "60", 0],
	[276, "IPv4", `0800${"00".repeat(18)}`, 20],
	[276, "IPv6", `86dd${"00".repeat(18)}`, 20],
	[276, "ARP", `0806${"00".repeat(18)}`, NO_IP],
	[276, "a VLAN tag", `8100${"00".repeat(18)}00640800`, 24],
	[276, "a cut header", "080000", NO_IP],
];

for (const [linkType, what, hex, offset] of CASES) {
	test(`link type ${linkType}, ${what}: ${offset === NO_IP ? "no IP" : `IP at ${offset}`}`, () => {
		const link = LINK_TYPES.get(linkType);
		for (const before of [0, 7]) {
			const expected = offset === NO_IP ? NO_IP : before + offset;
			const packet = packetOf(hex, linkType, before);
			assert.equal(link?.ipOffset(packet), expected, `${before} bytes before`);
		}
	});
}

test("every link type has a case with IP", () => {
	for (const linkType of LINK_TYPES.keys()) {
		assert.ok(
			CASES.some(([number, , , offset]) => number === linkType && offset >= 0),
			`${linkType}`,
		);
	}
});
