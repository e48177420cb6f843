import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
	MAX_CAPTURED_LENGTH,
	type Packet,
} from "../../../src/capture/packet/packet.js";
import { PcapReader } from "../../../src/capture/pcap/pcap.js";
import { assertCutBlind } from "../../support/any-cut.js";
import { emptyReport, told } from "../network/crafted.js";

const CAPTURES = new URL("../../../../captures/", import.meta.url);

interface Form {
	readonly little: boolean;
	readonly nano: boolean;
	readonly version?: number;
	readonly linkType?: number;
	readonly modified?: boolean;
}

/** A file of packets: seconds, fraction, bytes, original length. */
function pcapFile(
	{ little, nano, version = 2, linkType = 1, modified = false }: Form,
	packets: readonly (readonly [number, number, string, number?])[],
): Buffer {
	const uint32 = (value: number) => {
		const bytes = Buffer.alloc(4);
		if (little) bytes.writeUInt32LE(value);
		else bytes.writeUInt32BE(value);
		return bytes;
	};
	const parts = [
		uint32(modified ? 0xa1b2cd34 : nano ? 0xa1b23c4d : 0xa1b2c3d4),
		little ? Buffer.from([version, 0, 4, 0]) : Buffer.from([0, version, 0, 4]),
		uint32(0),
		uint32(0),
		uint32(65535),
		uint32(linkType),
	];
	for (const [seconds, fraction, text, original] of packets) {
		const bytes = Buffer.from(text);
		parts.push(uint32(seconds), uint32(fraction), uint32(bytes.length));
		parts.push(uint32(original ?? bytes.length));
		if (modified) parts.push(uint32(1), Buffer.from("00080000", "hex"));
		parts.push(bytes);
	}
	return Buffer.concat(parts);
}

function readAll(file: Buffer) {
	const report = emptyReport();
	const reader = new PcapReader(report);
	const packets: Packet[] = [...reader.push(file), ...reader.end()];
	return { packets, report };
}

for (const little of [true, false]) {
	for (const nano of [true, false]) {
		const order = little ? "little" : "big";
		test(`a ${order}-endian file with ${nano ? "nano" : "micro"}seconds is read, however it is cut`, () => {
			const file = pcapFile({ little, nano }, [
				[1_700_000_000, 250_000, "first"],
				[1_700_000_001, 999_999, ""],
				[1_700_000_002, 0, "third, cut by a snap length", 1500],
			]);
			const { packets, report } = readAll(file);
			const part = nano ? 1e9 : 1e6;
			assert.deepEqual(packets.map(told), [
				{
					frame: 1,
					timestamp: 1_700_000_000 + 250_000 / part,
					linkType: 1,
					captured: "first",
					originalLength: 5,
				},
				{
					frame: 2,
					timestamp: 1_700_000_001 + 999_999 / part,
					linkType: 1,
					captured: "",
					originalLength: 0,
				},
				{
					frame: 3,
					timestamp: 1_700_000_002,
					linkType: 1,
					captured: "third, cut by a snap length",
					originalLength: 1500,
				},
			]);
			assert.deepEqual(report.remarks, []);
			assertCutBlind(() => new PcapReader(emptyReport()), file, told);
		});
	}
}

for (const little of [true, false]) {
	test(`a ${little ? "little" : "big"}-endian file of modified pcap is read, however it is cut`, () => {
		const form = { little, nano: false, modified: true };
		const file = pcapFile(form, [
			[1_700_000_000, 250_000, "first"],
			[1_700_000_001, 0, "second, cut", 1500],
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
				timestamp: 1_700_000_001,
				linkType: 1,
				captured: "second, cut",
				originalLength: 1500,
			},
		]);
		assert.deepEqual(report.remarks, []);
		assertCutBlind(() => new PcapReader(emptyReport()), file, told);
	});
}

test("a real capture is read the same however it is cut", () => {
	const file = readFileSync(new URL("24-lighttpd-authorizer.pcap", CAPTURES));
	assertCutBlind(() => new PcapReader(emptyReport()), file, told);
});

test("the version is not looked at", () => {
	const form = { little: true, nano: false, version: 3 };
	assert.equal(readAll(pcapFile(form, [[1, 0, "x"]])).packets.length, 1);
});

test("the length of a frame check sequence above the link type is masked", () => {
	const form = { little: true, nano: false, linkType: 0x5400_0001 };
	const { packets } = readAll(pcapFile(form, [[1, 0, "x"]]));
	assert.equal(packets[0]?.linkType, 1);
});

test("an original length below the captured one is tolerated", () => {
	const form = { little: true, nano: false };
	const { packets, report } = readAll(pcapFile(form, [[1, 0, "four", 2]]));
	const [packet] = packets;
	assert.equal(
		packet?.bytes.toString("latin1", packet.start, packet.end),
		"four",
	);
	assert.deepEqual(report.remarks, []);
});

test("the longest packet there can be is read, and one byte more ends the reading with a remark", () => {
	const form = { little: true, nano: false };
	const longest = "x".repeat(MAX_CAPTURED_LENGTH);
	const good = readAll(pcapFile(form, [[1, 0, longest]]));
	const [packet] = good.packets as [Packet];
	assert.equal(packet.end - packet.start, MAX_CAPTURED_LENGTH);
	const bad = readAll(
		pcapFile(form, [
			[1, 0, "good"],
			[2, 0, `${longest}x`],
			[3, 0, "behind"],
		]),
	);
	assert.equal(bad.packets.length, 1);
	assert.equal(bad.report.truncated, true);
	assert.equal(bad.report.remarks.length, 1);
	assert.match(
		bad.report.remarks[0] ?? "",
		/^packet 2 at offset 44 announces 262145 captured bytes/,
	);
});

test("damage is found in a header that straddles two blocks, and nothing is read behind it", () => {
	const file = pcapFile({ little: true, nano: false }, [
		[1, 0, "good"],
		[2, 0, "bad"],
	]);
	file.writeUInt32LE(0xffff_fff0, 44 + 8);
	for (let at = 40; at < file.length; at++) {
		const report = emptyReport();
		const reader = new PcapReader(report);
		const packets = [
			...reader.push(file.subarray(0, at)),
			...reader.push(file.subarray(at)),
			...reader.push(Buffer.alloc(100)),
			...reader.end(),
		];
		assert.equal(packets.length, 1, `cut at ${at}`);
		assert.match(report.remarks.join(), /packet 2 at offset 44/);
	}
});

test("a file that ends in the middle says where", () => {
	const file = pcapFile({ little: true, nano: false }, [
		[1, 0, "first"],
		[2, 0, "second"],
	]);
	for (let length = 1; length < file.length; length++) {
		const { packets, report } = readAll(file.subarray(0, length));
		const whole = length < 45 ? 0 : 1;
		assert.equal(packets.length, whole, `${length} bytes`);
		if (length === 24 || length === 45) {
			assert.equal(report.truncated, false, `${length} bytes`);
			continue;
		}
		assert.equal(report.truncated, true, `${length} bytes`);
		const remark =
			length < 24
				? `the file ends after ${length} of the 24 bytes of its header`
				: `the file ends in the middle of packet ${whole + 1} at offset ${whole === 0 ? 24 : 45}`;
		assert.deepEqual(report.remarks, [remark]);
	}
});

test("a file without packets says so", () => {
	const { report } = readAll(pcapFile({ little: true, nano: false }, []));
	assert.deepEqual(report.remarks, ["the file holds no packets"]);
});
