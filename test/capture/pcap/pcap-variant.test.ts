import assert from "node:assert/strict";
import { test } from "node:test";
import { pcapVariant } from "../../../src/capture/pcap/pcap-variant.js";

/** The start of a file with packet headers of `length` bytes. */
function start(magic: string, little: boolean, length: number): Buffer {
	const packet = (seconds: number) => {
		const bytes = Buffer.alloc(length + 60, 0x45);
		const write = (value: number, at: number) =>
			little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
		for (const [i, value] of [seconds, 999_999, 60, 60].entries()) {
			write(value, 4 * i);
		}
		return bytes;
	};
	const header = Buffer.alloc(24);
	header.write(magic, "hex");
	return Buffer.concat([header, packet(1_700_000_000), packet(1_700_000_009)]);
}

/** What it is, magic number, byte order, length of packet headers. */
const CASES = [
	[undefined, "d4c3b2a1", true, 16],
	[undefined, "a1b2c3d4", false, 16],
	[undefined, "34cdb2a1", true, 24],
	["Red Hat 6.1 pcap", "d4c3b2a1", true, 24],
	["Red Hat 6.1 pcap", "a1b2c3d4", false, 24],
	["Nokia pcap", "d4c3b2a1", true, 20],
	["Nokia pcap", "a1b2c3d4", false, 20],
	["SuSE 6.3 pcap", "34cdb2a1", true, 28],
	["SuSE 6.3 pcap", "a1b2cd34", false, 28],
	[undefined, "d4c3b2a1", true, 28],
	[undefined, "34cdb2a1", true, 16],
	[undefined, "0a0d0d0a", true, 24],
] as const;

for (const [name, magic, little, length] of CASES) {
	test(`${magic} with packet headers of ${length} bytes is ${name ?? "no variant"}`, () => {
		assert.equal(pcapVariant(start(magic, little, length)), name);
	});
}

test("a file of one packet, or of none, is what its magic number says", () => {
	const whole = start("d4c3b2a1", true, 24);
	for (let length = 0; length < 24 + 24 + 60 + 16; length++) {
		assert.equal(pcapVariant(whole.subarray(0, length)), undefined);
	}
});
