import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
	MAX_CAPTURED_LENGTH,
	type Packet,
} from "../../../src/capture/packet/packet.js";
import { PcapngReader } from "../../../src/capture/pcap/pcapng.js";
import {
	MAX_BLOCK_LENGTH,
	MAX_INTERFACES,
	startsSection,
} from "../../../src/capture/pcap/pcapng-block.js";
import { assertCutBlind } from "../../support/any-cut.js";
import { emptyReport, told } from "../network/crafted.js";
import { PcapngWriter } from "./pcapng-file.js";

const CAPTURES = new URL("../../../../captures/", import.meta.url);
const LITTLE = new PcapngWriter(true);
const BIG = new PcapngWriter(false);
const MICRO = 1_700_000_000_250_000n;

function readAll(...parts: readonly Buffer[]) {
	const report = emptyReport();
	const reader = new PcapngReader(report);
	const packets: Packet[] = [
		...reader.push(Buffer.concat(parts)),
		...reader.end(),
	];
	return { packets, report };
}

/** What the packets carry, as text. */
function textsOf(packets: readonly Packet[]): string[] {
	return packets.map(({ bytes, start, end }) =>
		bytes.toString("latin1", start, end),
	);
}

for (const w of [LITTLE, BIG]) {
	test(`a ${w.little ? "little" : "big"}-endian section with all kinds of blocks is read, however it is cut`, () => {
		const file = Buffer.concat([
			w.section(),
			w.interface(1, { 2: Buffer.from("lo"), 9: Buffer.from([6]) }),
			w.enhanced(0, MICRO, "first", 5, w.option(1, Buffer.from("a comment"))),
			w.block(4, Buffer.from("0102030405060708", "hex")),
			w.interface(101, { 9: Buffer.from([9]) }),
			w.enhanced(1, MICRO * 1000n + 7n, "second, cut", 1500),
			w.obsolete(0, MICRO + 1n, "third", 0xffff),
			w.block(5, Buffer.alloc(40)),
			w.block(0xa, Buffer.alloc(20)),
			w.block(0x0bad_cafe, Buffer.alloc(4)),
			w.simple("fourth"),
			w.enhanced(1, 0n, ""),
		]);
		const { packets, report } = readAll(file);
		assert.deepEqual(packets.map(told), [
			{
				frame: 1,
				timestamp: 1_700_000_000.25,
				linkType: 1,
				captured: "first",
				originalLength: 5,
			},
			{
				frame: 2,
				timestamp: 1_700_000_000 + 250_000_007 / 1e9,
				linkType: 101,
				captured: "second, cut",
				originalLength: 1500,
			},
			{
				frame: 3,
				timestamp: 1_700_000_000 + 250_001 / 1e6,
				linkType: 1,
				captured: "third",
				originalLength: 5,
			},
			{
				frame: 4,
				timestamp: undefined,
				linkType: 1,
				captured: "fourth",
				originalLength: 6,
			},
			{
				frame: 5,
				timestamp: undefined,
				linkType: 101,
				captured: "",
				originalLength: 0,
			},
		]);
		assert.deepEqual(report.remarks, []);
		assert.equal(report.truncated, false);
		assertCutBlind(() => new PcapngReader(emptyReport()), file, told);
	});
}

for (const file of [
	"51-dumpcap",
	"52-dumpcap-two-interfaces",
	"59-sections-interfaces-comments",
]) {
	test(`${file} is read the same however it is cut`, () => {
		const bytes = readFileSync(new URL(`${file}.pcapng`, CAPTURES));
		assertCutBlind(() => new PcapngReader(emptyReport()), bytes, told);
	});
}

test("each section has a byte order and interfaces of its own, and frames are counted over all", () => {
	const { packets, report } = readAll(
		LITTLE.section(),
		LITTLE.interface(1),
		LITTLE.enhanced(0, MICRO, "one"),
		BIG.section(),
		BIG.interface(113),
		BIG.enhanced(0, MICRO, "two"),
		BIG.enhanced(1, MICRO, "of an interface of no section"),
		LITTLE.section(),
		LITTLE.simple("of none, too"),
		LITTLE.interface(101),
		LITTLE.simple("five"),
	);
	assert.deepEqual(
		packets.map(({ frame, linkType }) => [frame, linkType]),
		[
			[1, 1],
			[2, 113],
			[5, 101],
		],
	);
	assert.deepEqual(report.remarks, [
		"2 packets of interfaces that the file does not describe left out",
	]);
});

/** Resolution, its bytes as options, ticks, seconds. */
const RESOLUTIONS: readonly (readonly [
	string,
	Readonly<Record<number, string>>,
	bigint,
	number,
])[] = [
	["microseconds where nothing is said", {}, MICRO, 1_700_000_000.25],
	["seconds", { 9: "00" }, 1_700_000_000n, 1_700_000_000],
	["milliseconds", { 9: "03" }, 1_700_000_000_125n, 1_700_000_000.125],
	[
		"nanoseconds",
		{ 9: "09" },
		1_700_000_000_999_999_999n,
		1_700_000_000 + 0.999_999_999,
	],
	["picoseconds", { 9: "0c" }, 17_000_000_123_456_000_000n, 17_000_000.123_456],
	["1024ths", { 9: "8a" }, 1_700_000_000n * 1024n + 256n, 1_700_000_000.25],
	[
		"2^-20",
		{ 9: "94" },
		(1_700_000_000n << 20n) + 1n,
		1_700_000_000 + 2 ** -20,
	],
	[
		"2^-32",
		{ 9: "a0" },
		(1_700_000_000n << 32n) + (1n << 31n),
		1_700_000_000.5,
	],
	["2^-127", { 9: "ff" }, (1n << 64n) - 1n, 2 ** -63],
	["an offset", { 14: "000000006553f100" }, 1_500_000n, 0x6553f100 + 1.5],
	["an offset below zero", { 14: "fffffffffffffffe" }, 5_500_000n, 3.5],
	["a resolution of no bytes", { 9: "" }, MICRO, 1_700_000_000.25],
	["an offset too short to be one", { 14: "01" }, MICRO, 1_700_000_000.25],
];

for (const [what, options, ticks, seconds] of RESOLUTIONS) {
	test(`timestamps: ${what}`, () => {
		for (const w of [LITTLE, BIG]) {
			const values = Object.entries(options).map(([code, hex]) => {
				const value = Buffer.from(hex, "hex");
				return [code, w.little ? value.reverse() : value] as const;
			});
			const { packets } = readAll(
				w.section(),
				w.interface(1, Object.fromEntries(values)),
				w.enhanced(0, ticks, "x"),
			);
			assert.equal(packets[0]?.timestamp, seconds);
		}
	});
}

test("timestamps are exact to a microsecond on both sides of where their upper half changes", () => {
	const about = ((MICRO * 1000n) >> 32n) << 32n;
	for (const [resolution, parts] of [
		[6, 1_000_000n],
		[9, 1_000_000_000n],
	] as const) {
		for (const step of [-1_000_000_001n, -1n, 0n, 1n, 999n, 1_000_000_000n]) {
			const ticks = (about * parts) / 1_000_000_000n + step;
			const { packets } = readAll(
				LITTLE.section(),
				LITTLE.interface(1, { 9: Buffer.from([resolution]) }),
				LITTLE.enhanced(0, ticks, "x"),
			);
			const seconds = ticks / parts;
			const expected = Number(seconds) + Number(ticks % parts) / Number(parts);
			assert.equal(packets[0]?.timestamp, expected);
		}
	}
});

test("options whose lengths lie end with the block, and those behind the end are not read", () => {
	const lying = LITTLE.block(
		1,
		Buffer.from("0100000000000000", "hex"),
		Buffer.from("0900ffff09000000", "hex"),
	);
	const ended = LITTLE.interface(1, {
		0: Buffer.alloc(0),
		9: Buffer.from([0]),
	});
	for (const description of [lying, ended]) {
		const { packets, report } = readAll(
			LITTLE.section(),
			description,
			LITTLE.enhanced(0, MICRO, "x"),
		);
		assert.equal(packets[0]?.timestamp, 1_700_000_000.25);
		assert.deepEqual(report.remarks, []);
	}
});

test("a simple packet has as many captured bytes as the snap length leaves", () => {
	for (const [snapLength, captured] of [
		[0, "twelve bytes"],
		[4, "twel"],
		[99, "twelve bytes"],
	] as const) {
		const { packets } = readAll(
			LITTLE.section(),
			LITTLE.interface(1, {}, snapLength),
			LITTLE.simple("twelve bytes"),
		);
		assert.deepEqual(textsOf(packets), [captured]);
		assert.equal(packets[0]?.originalLength, 12);
	}
});

test("blocks that Wireshark numbers like packets are counted, others are not", () => {
	for (const [type, frame] of [
		[0xbad, 2],
		[0x4000_0bad, 2],
		[9, 2],
		[4, 1],
		[0xdead, 1],
	] as const) {
		const { packets } = readAll(
			LITTLE.section(),
			LITTLE.interface(1),
			LITTLE.block(type, Buffer.alloc(8)),
			LITTLE.enhanced(0, MICRO, "x"),
		);
		assert.equal(packets[0]?.frame, frame);
	}
});

const SECTION = Buffer.concat([LITTLE.section(), LITTLE.interface(1)]);
const GOOD = LITTLE.enhanced(0, MICRO, "good");
const AT = SECTION.length + GOOD.length;

function changed(block: Buffer, at: number, value: number): Buffer {
	const copy = Buffer.from(block);
	copy.writeUInt32LE(value, at);
	return copy;
}

/** What is wrong, the block that has it, and what is said. */
const DAMAGES: readonly (readonly [string, Buffer, string])[] = [
	[
		"a length that is none of a block",
		changed(GOOD, 4, 38),
		`the block at offset ${AT} says that it is 38 bytes long, which no block is: the file is damaged there, and was read up to there`,
	],
	[
		"a length below the shortest",
		changed(GOOD, 4, 8),
		`the block at offset ${AT} says that it is 8 bytes long, which no block is: the file is damaged there, and was read up to there`,
	],
	[
		"a length beyond the longest",
		changed(GOOD, 4, MAX_BLOCK_LENGTH + 4),
		`the block at offset ${AT} says that it is 16777220 bytes long, more than the 16777216 there can be: the file is damaged there, and was read up to there`,
	],
	[
		"another length behind",
		changed(GOOD, GOOD.length - 4, 40),
		`the block at offset ${AT} is 36 bytes long by its start, 40 by its end: the file is damaged there, and was read up to there`,
	],
	[
		"more captured bytes than fit the block",
		changed(GOOD, 20, 5),
		`packet 2 at offset ${AT} announces 5 captured bytes, more than the 4 there can be: the file is damaged there, and was read up to there`,
	],
	[
		"a simple packet with more bytes than fit the block",
		changed(LITTLE.simple("simple"), 8, 9),
		`packet 2 at offset ${AT} announces 9 captured bytes, more than the 8 there can be: the file is damaged there, and was read up to there`,
	],
	[
		"more captured bytes than there can be",
		LITTLE.enhanced(0, MICRO, "x".repeat(MAX_CAPTURED_LENGTH + 1)),
		`packet 2 at offset ${AT} announces 262145 captured bytes, more than the 262144 there can be: the file is damaged there, and was read up to there`,
	],
	[
		"a packet block without room for its fields",
		LITTLE.block(6, Buffer.alloc(8)),
		`the block at offset ${AT} is too short for a packet: the file is damaged there, and was read up to there`,
	],
	[
		"an interface block without room for its fields",
		LITTLE.block(1),
		`the block at offset ${AT} is too short for an interface description: the file is damaged there, and was read up to there`,
	],
	[
		"a section without a byte order",
		changed(LITTLE.section(), 8, 7),
		`the block at offset ${AT} starts a section without a byte order: the file is damaged there, and was read up to there`,
	],
	[
		"a section of another version",
		LITTLE.section(2),
		`the section at offset ${AT} is of version 2 of pcapng: the file was read up to there`,
	],
];

for (const [what, block, remark] of DAMAGES) {
	test(`${what} ends the reading with a remark, however it is cut`, () => {
		const file = Buffer.concat([SECTION, GOOD, block, GOOD]);
		const { packets, report } = readAll(file);
		assert.deepEqual(textsOf(packets), ["good"]);
		assert.deepEqual(report.remarks, [remark]);
		assert.equal(report.truncated, true);
		const reports = [emptyReport()];
		assertCutBlind(
			() => {
				const cut = emptyReport();
				reports.push(cut);
				return new PcapngReader(cut);
			},
			file.subarray(0, 4000),
			told,
		);
		for (const cut of reports.slice(2)) {
			assert.equal(cut.remarks.length, 1, cut.remarks.join());
		}
	});
}

test("the longest packet there can be is read", () => {
	const text = "x".repeat(MAX_CAPTURED_LENGTH);
	const { packets } = readAll(SECTION, LITTLE.enhanced(0, MICRO, text));
	assert.equal(textsOf(packets)[0], text);
});

test("a file cut at any byte has the packets in front of the cut, and says where it ends", () => {
	const file = Buffer.concat([SECTION, GOOD, GOOD]);
	for (let length = 1; length < file.length; length++) {
		const { packets, report } = readAll(file.subarray(0, length));
		const whole = Math.floor((length - SECTION.length) / GOOD.length);
		assert.equal(packets.length, Math.max(whole, 0), `${length} bytes`);
		const [remark = ""] = report.remarks;
		if ([LITTLE.section().length, SECTION.length, AT].includes(length)) {
			assert.equal(report.truncated, false, `${length} bytes`);
		} else {
			assert.equal(report.truncated, true, `${length} bytes`);
			assert.match(
				remark,
				/^the file ends in the middle of the block at offset /,
			);
		}
	}
});

test("a file without packets says so", () => {
	assert.deepEqual(readAll(SECTION).report.remarks, [
		"the file holds no packets",
	]);
});

test("what does not start with a section is not read", () => {
	const { packets, report } = readAll(GOOD, GOOD);
	assert.equal(packets.length, 0);
	assert.match(
		report.remarks.join(),
		/^the block at offset 0 starts no section/,
	);
	for (const [hex, is] of [
		["0a0d0d0a1c0000004d3c2b1a", true],
		["0a0d0d0a0000001c1a2b3c4d", true],
		["0a0d0d0a1c0000004d3c2b", false],
		["0a0d0d0a1c00000000000000", false],
		["0a0d0d0b1c0000004d3c2b1a", false],
	] as const) {
		assert.equal(startsSection(Buffer.from(hex, "hex")), is, hex);
	}
});

test("interfaces are bounded", () => {
	const many = Array.from({ length: MAX_INTERFACES + 1 }, () =>
		LITTLE.interface(1),
	);
	const { packets, report } = readAll(
		LITTLE.section(),
		...many,
		LITTLE.enhanced(MAX_INTERFACES - 1, MICRO, "the last"),
		LITTLE.enhanced(MAX_INTERFACES, MICRO, "beyond"),
	);
	assert.deepEqual(textsOf(packets), ["the last"]);
	assert.deepEqual(report.remarks, [
		"1 packet of interfaces that the file does not describe left out",
	]);
});
