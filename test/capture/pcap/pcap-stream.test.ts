// The two readers of pcap must agree packet for packet: this holds the one for pipes against the one for files.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { PcapReader } from "../../../src/capture/pcap/pcap.js";
import { PcapStreamReader } from "../../../src/capture/pcap/pcap-stream.js";
import { assertCutBlind, runCut, seededRandom } from "../../support/any-cut.js";
import { emptyReport, told } from "../network/crafted.js";

const CAPTURES = new URL("../../../../captures/", import.meta.url);
const files = readdirSync(CAPTURES).filter((name) => name.endsWith(".pcap"));

type Reader = typeof PcapReader | typeof PcapStreamReader;

function read(reader: Reader, file: Buffer, cuts: readonly number[]) {
	const report = emptyReport();
	return { packets: runCut(new reader(report), file, cuts, told), report };
}

function assertAgreement(file: Buffer, cuts: readonly number[], how: string) {
	const expected = read(PcapReader, file, []);
	assert.deepEqual(read(PcapStreamReader, file, cuts), expected, how);
	assert.deepEqual(read(PcapReader, file, cuts), expected, how);
}

function randomCuts(random: () => number, length: number): number[] {
	const count = 1 + Math.floor(random() * 30);
	return Array.from({ length: count }, () =>
		Math.floor(random() * length),
	).sort((a, b) => a - b);
}

test("there are captures to compare the readers on", () => {
	assert.ok(files.length >= 20, `${files.length} captures`);
});

for (const name of files) {
	const file = readFileSync(new URL(name, CAPTURES));
	test(`${name}: both readers agree, whole and cut`, () => {
		const random = seededRandom(file.length);
		assertAgreement(file, [], "whole");
		for (let round = 0; round < 3; round++) {
			const cuts = randomCuts(random, file.length);
			assertAgreement(file, cuts, `cut at ${cuts}`);
		}
	});
}

test("both readers agree on damaged files", () => {
	const whole = readFileSync(new URL("24-lighttpd-authorizer.pcap", CAPTURES));
	const random = seededRandom(1);
	let stopped = 0;
	for (let round = 0; round < 400; round++) {
		const file = Buffer.from(
			whole.subarray(0, 24 + Math.floor(random() * (whole.length - 24))),
		);
		// The magic number stays: without it, neither reader would be asked.
		for (let damage = 0; damage < 3; damage++) {
			const at = 4 + Math.floor(random() * (file.length - 4));
			file[at] = Math.floor(random() * 256);
		}
		const cuts = randomCuts(random, file.length);
		assertAgreement(file, cuts, `round ${round}, cut at ${cuts}`);
		const { report } = read(PcapReader, file, []);
		if (report.remarks.join().includes("announces")) stopped++;
	}
	assert.ok(stopped > 10, `only ${stopped} files had impossible lengths`);
});

test("both readers agree on all truncated ends", () => {
	const whole = readFileSync(new URL("50-nanosecond.pcap", CAPTURES));
	for (let length = 4; length < 600; length++) {
		assertAgreement(whole.subarray(0, length), [], `${length} bytes`);
	}
});

test("a small capture is read the same at every cut", () => {
	const whole = readFileSync(new URL("50-nanosecond.pcap", CAPTURES));
	assertCutBlind(
		() => new PcapStreamReader(emptyReport()),
		whole.subarray(0, 1500),
	);
});

test("a large packet in small pieces takes no more than linear time", () => {
	const packet = Buffer.alloc(24 + 16 + 262_144);
	packet.writeUInt32LE(0xa1b2c3d4, 0);
	packet.writeUInt32LE(262_144, 32);
	const reader = new PcapStreamReader(emptyReport());
	const started = process.hrtime.bigint();
	let packets = 0;
	for (let at = 0; at < packet.length; at += 8) {
		packets += reader.push(packet.subarray(at, at + 8)).length;
	}
	const seconds = Number(process.hrtime.bigint() - started) / 1e9;
	assert.equal(packets, 1);
	// Copying all that is there for each piece takes 4 GB of copies, several seconds.
	assert.ok(seconds < 1, `${seconds} s`);
});
