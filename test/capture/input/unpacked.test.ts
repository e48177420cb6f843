// Archives are read as what they hold: cut off, damaged, followed by something else, and larger than they look.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Head } from "../../../src/capture/head.js";
import type { Input } from "../../../src/capture/input/input.js";
import { packingOf, unpacked } from "../../../src/capture/input/unpacked.js";
import { seededRandom } from "../../support/any-cut.js";
import { emptyReport } from "../network/crafted.js";

const CAPTURES = new URL("../../../../captures/", import.meta.url);
const HELD = readFileSync(new URL("01-nginx-fpm-basic.pcap", CAPTURES));
const ARCHIVES = {
	gzip: readFileSync(new URL("56-gzip.pcap.gz", CAPTURES)),
	zstd: readFileSync(new URL("56-zstd.pcap.zst", CAPTURES)),
} as const;
const PACKINGS = ["gzip", "zstd"] as const;

/** Bytes handed out in blocks of a size, each overwritten when the next is asked for. */
function inputOf(bytes: Buffer, blockLength = 1000): Input {
	let at = 0;
	let last = Buffer.alloc(0);
	return {
		live: false,
		async next() {
			last.fill(0xee);
			last = Buffer.from(bytes.subarray(at, at + blockLength));
			at += last.length;
			return last;
		},
		async close() {},
	};
}

async function all(
	archive: Buffer,
	packing: "gzip" | "zstd",
	blockLength?: number,
) {
	const report = emptyReport();
	const input = unpacked(inputOf(archive, blockLength), packing, report);
	const pieces: Buffer[] = [];
	let largest = 0;
	for (;;) {
		const bytes = await input.next();
		if (bytes.length === 0) break;
		largest = Math.max(largest, bytes.length);
		pieces.push(Buffer.from(bytes));
	}
	await input.close();
	return { bytes: Buffer.concat(pieces), report, largest };
}

for (const packing of PACKINGS) {
	const archive = ARCHIVES[packing];

	test(`${packing} is told by its first bytes`, () => {
		assert.equal(packingOf(new Head(archive, true)), packing);
		assert.equal(packingOf(new Head(HELD, true)), undefined);
	});

	for (const blockLength of [1, 7, 1000, 1_000_000]) {
		test(`${packing} in blocks of ${blockLength} gives what was packed`, async () => {
			const { bytes, report } = await all(archive, packing, blockLength);
			assert.ok(bytes.equals(HELD));
			assert.deepEqual(report, emptyReport());
		});
	}

	test(`two ${packing} archives in a row give both contents`, async () => {
		const { bytes, report } = await all(
			Buffer.concat([archive, archive]),
			packing,
		);
		assert.ok(bytes.equals(Buffer.concat([HELD, HELD])));
		assert.deepEqual(report.remarks, []);
	});

	test(`a ${packing} archive that is cut off anywhere gives a beginning, and says so`, async () => {
		for (let end = 20; end < archive.length; end += 271) {
			const { bytes, report } = await all(archive.subarray(0, end), packing);
			assert.ok(bytes.equals(HELD.subarray(0, bytes.length)), `${end}`);
			assert.deepEqual(report.remarks, [
				`the ${packing} archive is cut off: read up to there`,
			]);
			assert.equal(report.truncated, true);
		}
	});

	test(`a damaged ${packing} archive ends, whatever is damaged, with a word unless nothing shows it`, async () => {
		const random = seededRandom(3);
		let said = 0;
		for (let round = 0; round < 60; round++) {
			const damaged = Buffer.from(archive);
			damaged[Math.floor(random() * damaged.length)] = Math.floor(
				random() * 256,
			);
			const { bytes, report } = await all(damaged, packing);
			if (report.remarks.length > 0) said++;
			assert.ok(bytes.length <= 100 * HELD.length);
		}
		assert.ok(said > 5, `${said} said`);
	});
}

test("what gzip unpacked in front of other bytes is not lost with them", async () => {
	const { bytes, report } = await all(
		Buffer.concat([ARCHIVES.gzip, Buffer.from("-- \nsent from my phone\n")]),
		"gzip",
	);
	assert.ok(bytes.equals(HELD));
	assert.match(
		report.remarks.join(),
		/^bytes that are not gzip follow .*left out$/,
	);
	assert.equal(report.truncated, false);
});

test("a gzip archive of which the check fails gives nearly all it holds", async () => {
	const damaged = Buffer.from(ARCHIVES.gzip);
	damaged.writeUInt32LE(1, damaged.length - 8);
	const { bytes, report } = await all(damaged, "gzip");
	assert.ok(bytes.length > HELD.length * 0.9, `${bytes.length}`);
	assert.match(report.remarks.join(), /damaged near byte \d+ \(incorrect data/);
});

test("an archive that holds far more than its size is read a little at a time, and not to its end", async () => {
	const half = Buffer.alloc(2 ** 29);
	const zeros = gzipSync(half, { level: 9 });
	const report = emptyReport();
	const bomb = Buffer.concat([zeros, zeros, zeros]);
	const input = unpacked(inputOf(bomb, 65536), "gzip", report);
	let length = 0;
	for (;;) {
		const bytes = await input.next();
		if (bytes.length === 0) break;
		assert.ok(bytes.length <= 2 ** 20);
		length += bytes.length;
	}
	assert.ok(length <= 2 ** 30 + 2 ** 20, `${length}`);
	assert.match(
		report.remarks.join(),
		/has unpacked to \d+ bytes from \d+, as no capture does/,
	);
	await input.close();
});

test("a failure to read the archive is the reader's, behind what was unpacked", async () => {
	const failing = inputOf(ARCHIVES.gzip, 2000);
	let calls = 0;
	const input = unpacked(
		{
			...failing,
			next: () =>
				++calls > 2 ? Promise.reject(new Error("gone")) : failing.next(),
		},
		"gzip",
		emptyReport(),
	);
	await assert.rejects(async () => {
		while ((await input.next()).length > 0);
	}, /gone/);
	await input.close();
});

test("what stands behind a zero byte behind a gzip archive is not left out without a word", async () => {
	const zero = Buffer.alloc(1);
	const { bytes, report } = await all(
		Buffer.concat([ARCHIVES.gzip, zero, ARCHIVES.gzip]),
		"gzip",
	);
	assert.ok(bytes.equals(HELD));
	assert.match(report.remarks.join(), /^bytes behind the end of the gzip/);
});

test("a zstd archive of blocks that hold next to nothing is not read to its end", async () => {
	const header = Buffer.from("28b52ffd0058", "hex");
	const block = Buffer.from("08000061", "hex");
	const bomb = Buffer.concat([
		header,
		...Array.from({ length: 20_000 }, () => block),
	]);
	const { bytes, report } = await all(bomb, "zstd", 65_536);
	assert.ok(bytes.length < 5000, `${bytes.length}`);
	assert.match(report.remarks.join(), /blocks that hold next to nothing/);
});

test("the ratio of an archive in an archive is that of the outer one", async () => {
	const zeros = gzipSync(Buffer.alloc(2 ** 28), { level: 9 });
	const many = gzipSync(Buffer.concat(Array(8).fill(zeros)), { level: 9 });
	const report = emptyReport();
	const outer = unpacked(inputOf(many, 65_536), "gzip", report);
	const inner = unpacked(outer, "gzip", report, outer);
	let length = 0;
	for (;;) {
		const bytes = await inner.next();
		if (bytes.length === 0) break;
		length += bytes.length;
	}
	assert.ok(length <= 2 ** 30 + 2 ** 20, `${length}`);
	assert.match(report.remarks.join(), /as no capture does/);
	await inner.close();
});
