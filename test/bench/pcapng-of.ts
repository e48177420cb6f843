// The packets of a classic pcap file as pcapng: an enhanced packet block for each, so that both readers can be timed on the
// same packets.

import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { PcapReader } from "../../src/capture/pcap/pcap.js";
import { emptyReport } from "../capture/network/crafted.js";
import { PcapngWriter } from "../capture/pcap/pcapng-file.js";

const BLOCK_LENGTH = 256 * 2 ** 10;

/** Writes `to` from `from`, of which all packets are of Ethernet. */
export function writePcapngOf(from: string, to: string): void {
	const writer = new PcapngWriter(true);
	const input = openSync(from, "r");
	const output = openSync(to, "w");
	writeSync(output, Buffer.concat([writer.section(), writer.interface(1)]));
	const reader = new PcapReader(emptyReport());
	const block = Buffer.alloc(BLOCK_LENGTH);
	for (;;) {
		const length = readSync(input, block);
		if (length === 0) break;
		const parts: Buffer[] = [];
		for (const packet of reader.push(block.subarray(0, length))) {
			const { bytes, start, end, originalLength } = packet;
			const timestamp = BigInt(Math.round((packet.timestamp ?? 0) * 1e6));
			const captured = bytes.subarray(start, end);
			parts.push(writer.enhanced(0, timestamp, captured, originalLength));
		}
		writeSync(output, Buffer.concat(parts));
	}
	closeSync(input);
	closeSync(output);
}
