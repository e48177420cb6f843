// The captures know the link types of their packets: each has to be told from the bytes alone.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
	announcedLength,
	toldLinkType,
} from "../../../src/capture/packet-text/told-link-type.js";
import { PcapReader } from "../../../src/capture/pcap/pcap.js";
import { emptyReport } from "../network/crafted.js";

const CAPTURES = new URL("../../../../captures/", import.meta.url);

/** Link types that are read in the same way. */
const SAME: Readonly<Record<number, number>> = {
	12: 101,
	14: 101,
	108: 0,
	228: 101,
	229: 101,
};

test("the link type of every packet with IP in the captures is told by its bytes", () => {
	const seen = new Set<number>();
	for (const file of readdirSync(CAPTURES)) {
		if (!file.endsWith(".pcap")) continue;
		const reader = new PcapReader(emptyReport());
		for (const packet of reader.push(readFileSync(new URL(file, CAPTURES)))) {
			const bytes = packet.bytes.subarray(packet.start, packet.end);
			const told = toldLinkType(bytes);
			// ARP and the like in the capture of all traffic.
			if (told === undefined && file.startsWith("43-")) continue;
			const known = SAME[packet.linkType] ?? packet.linkType;
			assert.equal(told, known, `${file}, packet ${packet.frame}`);
			seen.add(known);
			const announced = announcedLength(bytes, known);
			assert.ok(announced <= packet.originalLength, file);
		}
	}
	assert.deepEqual(
		[...seen].sort((a, b) => a - b),
		[0, 1, 101, 113, 276],
	);
});

test("nothing is told of bytes that carry no IP", () => {
	for (const hex of ["", "00", "0101000100080000", "ff03c021", "45"]) {
		assert.equal(toldLinkType(Buffer.from(hex, "hex")), undefined);
	}
});
