import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Head } from "../../src/capture/head.js";
import {
	CAPTURE_FORMATS,
	formatOf,
	refusedFormatOf,
} from "../../src/capture/index.js";
import type { Chunk } from "../../src/inspect/chunk.js";
import { assertCutBlind } from "../support/any-cut.js";
import { emptyReport, ownedChunk } from "./network/crafted.js";

const CAPTURES = new URL("../../../captures/", import.meta.url);

const MAGICS: readonly (readonly [string, string])[] = [
	["a1b2c3d4", "pcap"],
	["d4c3b2a1", "pcap"],
	["a1b23c4d", "pcap"],
	["4d3cb2a1", "pcap"],
	["a1b2cd34", "modified-pcap"],
	["34cdb2a1", "modified-pcap"],
	["0a0d0d0a1c0000004d3c2b1a", "pcapng"],
	["0a0d0d0a0000001c1a2b3c4d", "pcapng"],
];

for (const [hex, name] of MAGICS) {
	test(`a file that starts with ${hex} is ${name}`, () => {
		const head = new Head(Buffer.from(hex.padEnd(48, "0"), "hex"), true);
		const names = CAPTURE_FORMATS.filter((f) => f.recognises(head));
		assert.deepEqual(
			names.map((format) => format.name),
			[name],
		);
		assert.equal(refusedFormatOf(head), undefined);
	});
}

const OTHERS: readonly (readonly [string, string | undefined])[] = [
	["", undefined],
	["fd377a585a00", "xz"],
	["a1b2c3", undefined],
	["7f454c46", undefined],
	["0a0d0d0a1c000000", undefined],
	["736e6f6f7000000000000002", "snoop"],
];

for (const [hex, name] of OTHERS) {
	test(`a file that starts with ${hex || "nothing"} is not read, and named ${name}`, () => {
		const head = new Head(Buffer.from(hex, "hex"), true);
		assert.equal(formatOf(head), undefined);
		assert.equal(refusedFormatOf(head)?.name, name);
	});
}

/** A chunk without its connection, which would be compared again in each. */
function described(chunk: Chunk): unknown {
	const { bytes, connection, ...rest } = ownedChunk(chunk);
	return { ...rest, number: connection.number, bytes: bytes.toString("hex") };
}

for (const live of [true, false]) {
	for (const file of [
		"40-ipv6-loopback.pcap",
		"75-missing-segments-keepalive.pcap",
		"51-dumpcap.pcapng",
		"59-sections-interfaces-comments.pcapng",
		"5d-other.modpcap",
	]) {
		test(`${file}: the same chunks however the ${live ? "pipe" : "file"} is cut, and none is a view that was kept`, () => {
			const bytes = readFileSync(new URL(file, CAPTURES));
			const format = formatOf(new Head(bytes, true));
			assertCutBlind(
				() => {
					const stage = format?.open({ ports: [], live }, emptyReport());
					assert.ok(stage);
					return stage;
				},
				bytes,
				described,
			);
		});
	}
}
