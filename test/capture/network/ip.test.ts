import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyDatagram, readIp } from "../../../src/capture/network/ip.js";
import { packetOf } from "./crafted.js";

const ADDRESSES_4 = "0a000001 0a000002";
const ADDRESSES_6 = `${"20010db8".padEnd(31, "0")}1 ${"20010db8".padEnd(31, "0")}2`;

/** An IPv4 header in hex: version and length, total length, flags and offset, protocol. */
function ipv4(
	start: string,
	total: string,
	fragment = "4000",
	protocol = "06",
) {
	return `${start}00 ${total} 0001 ${fragment} 40${protocol} 0000 ${ADDRESSES_4}`;
}

/** An IPv6 header in hex: payload length, next header. */
function ipv6(length: string, next: string) {
	return `60000000 ${length} ${next}40 ${ADDRESSES_6}`;
}

const FOUR = "01020304";
const EIGHT = "0102030405060708";

/** What the case is, the packet, its original length, and protocol, start and end of the payload. */
const DATAGRAMS: readonly (readonly [
	string,
	string,
	number | undefined,
	readonly [number, number, number],
])[] = [
	["IPv4", `${ipv4("45", "0018")} ${FOUR}`, undefined, [6, 20, 24]],
	[
		"IPv4 with options",
		`${ipv4("46", "001c")} 01010101 ${FOUR}`,
		undefined,
		[6, 24, 28],
	],
	[
		"IPv4 with an Ethernet trailer",
		`${ipv4("45", "0018")} ${FOUR} 0000`,
		undefined,
		[6, 20, 24],
	],
	["IPv4 cut by a snap length", `${ipv4("45", "0018")} 01`, 24, [6, 20, 24]],
	[
		"IPv4 whose original length was understated",
		`${ipv4("45", "0018")} 01`,
		21,
		[6, 20, 24],
	],
	[
		"IPv4 with total length 0, by offload",
		`${ipv4("45", "0000")} ${FOUR}`,
		undefined,
		[6, 20, 24],
	],
	[
		"the same, cut by a snap length",
		`${ipv4("45", "0000")} ${FOUR}`,
		70000,
		[6, 20, 70000],
	],
	[
		"the same, its original length understated",
		`${ipv4("45", "0000")} ${FOUR}`,
		10,
		[6, 20, 24],
	],
	["IPv4 without payload", ipv4("45", "0014"), undefined, [6, 20, 20]],
	[
		"IPv4 with the reserved bit",
		`${ipv4("45", "0018", "8000")} ${FOUR}`,
		undefined,
		[6, 20, 24],
	],
	[
		"IPv4 with UDP",
		`${ipv4("45", "0018", "4000", "11")} ${FOUR}`,
		undefined,
		[17, 20, 24],
	],
	["IPv6", `${ipv6("0004", "06")} ${FOUR}`, undefined, [6, 40, 44]],
	[
		"IPv6 with an Ethernet trailer",
		`${ipv6("0004", "06")} ${FOUR} 0000`,
		undefined,
		[6, 40, 44],
	],
	[
		"IPv6 with payload length 0, by offload",
		`${ipv6("0000", "06")} ${FOUR}`,
		70000,
		[6, 40, 70000],
	],
	[
		"IPv6 with hop-by-hop options",
		`${ipv6("000c", "00")} 0600010400000000 ${FOUR}`,
		undefined,
		[6, 48, 52],
	],
	[
		"IPv6 with sixteen bytes of destination options",
		`${ipv6("0014", "3c")} 06010104${EIGHT}00000000 ${FOUR}`,
		undefined,
		[6, 56, 60],
	],
	[
		"IPv6 with hop-by-hop options, routing, an atomic fragment and destination options",
		`${ipv6("0024", "00")} 2b00010400000000 2c00000000000000 3c00000012345678 0600010400000000 ${FOUR}`,
		undefined,
		[6, 72, 76],
	],
	["IPv6 with ICMP", `${ipv6("0004", "3a")} ${FOUR}`, undefined, [58, 40, 44]],
	["IPv6 with ESP", `${ipv6("0004", "32")} ${FOUR}`, undefined, [50, 40, 44]],
];

for (const [what, hex, original, expected] of DATAGRAMS) {
	test(`${what} is read`, () => {
		const datagram = emptyDatagram();
		const packet = packetOf(hex);
		const whole = { ...packet, originalLength: original ?? packet.end };
		assert.equal(readIp(whole, 0, datagram), "datagram");
		const { protocol, payloadAt, payloadEnd } = datagram;
		assert.deepEqual([protocol, payloadAt, payloadEnd], expected);
	});
}

test("addresses are found where they stand, behind a link header too", () => {
	const datagram = emptyDatagram();
	readIp(packetOf(`ffff ${ipv4("45", "0014")}`), 2, datagram);
	assert.deepEqual(datagram, {
		version: 4,
		sourceAt: 14,
		destinationAt: 18,
		protocol: 6,
		payloadAt: 22,
		payloadEnd: 22,
	});
	readIp(packetOf(`ffff ${ipv6("0004", "06")} ${FOUR}`), 2, datagram);
	assert.deepEqual([datagram.sourceAt, datagram.destinationAt], [10, 26]);
});

test("an authentication header is looked through", () => {
	const hex = `${ipv4("45", "0030", "4000", "33")} 06040000 ${EIGHT} ${EIGHT} ${FOUR} ${FOUR}`;
	const datagram = emptyDatagram();
	assert.equal(readIp(packetOf(hex), 0, datagram), "datagram");
	assert.deepEqual([datagram.protocol, datagram.payloadAt], [6, 44]);
});

const FRAGMENTS: readonly (readonly [string, string])[] = [
	["the first fragment of IPv4", `${ipv4("45", "0018", "2000")} ${FOUR}`],
	["a later fragment of IPv4", `${ipv4("45", "0018", "0001")} ${FOUR}`],
	[
		"the first fragment of IPv6",
		`${ipv6("000c", "2c")} 0600000112345678 ${FOUR}`,
	],
	[
		"a later fragment of IPv6",
		`${ipv6("000c", "2c")} 0600000812345678 ${FOUR}`,
	],
];

for (const [what, hex] of FRAGMENTS) {
	test(`${what} is told as such`, () => {
		assert.equal(readIp(packetOf(hex), 0, emptyDatagram()), "fragment");
	});
}

const DAMAGED: readonly (readonly [string, string])[] = [
	["nothing", ""],
	["version 5", ipv4("55", "0014")],
	["a cut IPv4 header", "45000014"],
	["a cut IPv6 header", "6000000000040640"],
	["an IPv4 header length below five words", `${ipv4("44", "0018")} ${FOUR}`],
	["a total length below the header's", `${ipv4("46", "0014")} ${FOUR}`],
	["an IPv6 extension header that was not captured", ipv6("000c", "00")],
	[
		"an IPv6 extension longer than the payload",
		`${ipv6("0008", "00")} 06ff010400000000`,
	],
	[
		"an authentication header longer than the payload",
		`${ipv4("45", "0028", "4000", "33")} 06040000 ${EIGHT} ${EIGHT}`,
	],
	[
		"extension headers without end",
		`${ipv6("0060", "3c")} ${"3c00010400000000".repeat(12)}`,
	],
];

for (const [what, hex] of DAMAGED) {
	test(`${what} is damage`, () => {
		assert.equal(readIp(packetOf(hex), 0, emptyDatagram()), "damaged");
	});
}
