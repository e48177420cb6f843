import assert from "node:assert/strict";
import { test } from "node:test";
import { readDump } from "../../support/dumped.js";

const LINES = [
	"00000000: 0101 0001 0008 0000 0001 0000 0000 0000  ................",
	"00000010: 0105 0001 0014 0000 6162 6364 6566 6768  ........abcdefgh",
	"00000020: 696a 6b6c 6d6e 6f70 7172 7374 0105 0001  ijklmnopqrst....",
	"00000030: 0000 0000                                ....",
];
const BYTES = Buffer.from(
	"01010001000800000001000000000000010500010014000061626364656667686" +
		"96a6b6c6d6e6f70717273740105000100000000",
	"hex",
);

const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;

test("the lines of a dump are its bytes", () => {
	const { bytes, report } = readDump("xxd", text(LINES));
	assert.deepEqual(bytes, BYTES);
	assert.deepEqual(report.remarks, []);
});

test("a lost line is a hole of its size, said with the line behind it", () => {
	const lines = LINES.filter((_, i) => i !== 1);
	const { bytes, missing, report } = readDump("xxd", text(lines));
	assert.equal(bytes.length, BYTES.length - 16);
	assert.deepEqual(missing, [[16, 16]]);
	assert.deepEqual(report.remarks, [
		"line 2: 16 bytes are missing in front of offset 32",
	]);
});

test("a line with too few bytes leaves a hole", () => {
	const lines = LINES.with(1, "00000010: 0105 0001 0014");
	const { bytes, missing, report } = readDump("xxd", text(lines));
	assert.equal(bytes.length, BYTES.length - 10);
	assert.deepEqual(missing, [[22, 10]]);
	assert.match(report.remarks.join(), /^line 3: 10 bytes are missing/);
});

test("an odd number of digits is no guess at a byte", () => {
	const lines = LINES.with(
		1,
		"00000010: 0105 0001 014 0000 6162 6364 6566 6768  ........abcdefgh",
	);
	const { bytes, missing } = readDump("xxd", text(lines));
	assert.deepEqual(missing, [[20, 12]]);
	assert.deepEqual(bytes.subarray(0, 20), BYTES.subarray(0, 20));
});

test("a line of od with more bytes than belong there is cut, and said", () => {
	const od = [
		"0000000 01 01 00 01 00 08 00 00 00 01 00 00 00 00 00 00",
		"0000020 01 05 00 01 00 00 00 00 ff 01 05 00 01 00 00 00 00",
		"0000040 01 05 00 01 00 00 00 00",
		"0000050",
	];
	const { bytes, report } = readDump("od", text(od));
	assert.equal(bytes.length, 40);
	assert.deepEqual(report.remarks, [
		"line 2 has more than the 16 bytes that belong there",
	]);
});

test("offsets that start again begin another dump, and going back elsewhere is said", () => {
	const again = readDump("xxd", text([...LINES, ...LINES]));
	assert.deepEqual(again.begins, [0, BYTES.length]);
	assert.deepEqual(again.bytes, Buffer.concat([BYTES, BYTES]));
	assert.deepEqual(again.report.remarks, []);
	const back = readDump("xxd", text([...LINES, ...LINES.slice(1)]));
	assert.deepEqual(back.begins, [0, BYTES.length]);
	assert.deepEqual(back.report.remarks, [
		"line 5: the offset goes back to 16, taken as another dump",
	]);
});

test("a dump that starts at another offset is read from there", () => {
	const { bytes, missing, report } = readDump("xxd", text(LINES.slice(1)));
	assert.deepEqual(bytes, BYTES.subarray(16));
	assert.deepEqual(missing, []);
	assert.deepEqual(report.remarks, []);
});

const FOLDED = [
	"00000000  01 05 00 01 00 60 00 00  00 00 00 00 00 00 00 00  |.....`..........|",
	"00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
	"*",
	"00000060  00 00 00 00 00 00 00 00                           |........|",
	"00000068",
];

test("a `*` repeats the line before it up to the next offset", () => {
	const { bytes, missing, report } = readDump("hexdump-C", text(FOLDED));
	assert.equal(bytes.length, 0x68);
	assert.equal(bytes.subarray(8).equals(Buffer.alloc(0x60)), true);
	assert.deepEqual(missing, []);
	assert.deepEqual(report.remarks, []);
});

test("a `*` without an offset behind it stands for nothing known", () => {
	const { bytes, report } = readDump("hexdump-C", text(FOLDED.slice(0, 3)));
	assert.equal(bytes.length, 32);
	assert.equal(report.truncated, true);
	assert.match(report.remarks.join(), /^line 3: no offset follows/);
});

test("a `*` that would stand for more than a record is a hole, so that a small text stays small", () => {
	const lines = [...FOLDED.slice(0, 3), "7fffffff  00  |.|"];
	const { bytes, missing, report } = readDump("hexdump-C", text(lines));
	assert.equal(bytes.length, 33);
	assert.deepEqual(missing, [[32, 0x7fffffff - 32]]);
	assert.match(report.remarks.join(), /too many to repeat/);
});

test("the last offset says how many bytes the last word has", () => {
	const { bytes } = readDump(
		"hexdump",
		"0000000 0501 0100 0100 0000 0061\n0000009\n",
	);
	assert.equal(bytes.toString("hex"), "010500010001000061");
});

test("the byte order of words is the one that makes headers, and said where it is little-endian", () => {
	const little = readDump("hexdump", "0000000 0501 0100 0000 0000\n0000008\n");
	assert.equal(little.bytes.toString("hex"), "0105000100000000");
	assert.deepEqual(little.report.remarks, [
		"words read as little-endian, the low byte first",
	]);
	const big = readDump("hexdump", "0000000 0105 0001 0000 0000\n0000008\n");
	assert.equal(big.bytes.toString("hex"), "0105000100000000");
	assert.deepEqual(big.report.remarks, []);
});

test("a text column that looks like bytes is none", () => {
	const lines = [
		"00000000: 0105 0001 0020 0000 6465 6164 6265 6566  ........deadbeef",
		"00000010: 6465 6164 6265 6566 6465 6164 6265 6566 deadbeefdeadbeef",
		"00000020: 6465 6164 6265 6566                      deadbeef",
	];
	const { bytes } = readDump("xxd", text(lines));
	assert.equal(bytes.length, 40);
	assert.equal(bytes.toString("latin1", 8), "deadbeef".repeat(4));
});

test("damage is said once for each kind", () => {
	const lines = Array.from({ length: 50 }, (_, i) =>
		LINES[0]?.replace(/^\d+/, (32 * i).toString(16).padStart(8, "0")),
	) as string[];
	lines[0] = LINES[0] as string;
	lines[1] = (LINES[1] as string).replace("00000010", "00000010");
	lines[2] = "00000020: zz";
	const { report } = readDump("xxd", text(lines));
	assert.ok(report.remarks.length <= 3, report.remarks.join("\n"));
	assert.match(report.remarks.join("\n"), /more like this/);
});
