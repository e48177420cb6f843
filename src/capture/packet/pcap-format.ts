// Classic pcap as a form of input: files through the project's own reader, pipes through pcap-parser.

import { join } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import { PacketsToChunks } from "../network/packets-to-chunks.js";
import { inTimeOrder } from "./in-time-order.js";
import { PcapReader, pcapForm } from "./pcap.js";
import { PcapStreamReader } from "./pcap-stream.js";

/** What tcpdump and most others write. */
export const pcap: CaptureFormat = {
	name: "pcap",
	summary: "classic pcap, as of tcpdump -w: micro- or nanoseconds",
	recognises: (head) => pcapForm(head.bytes) !== undefined,
	open({ ports, live }, report) {
		const packetsToChunks = new PacketsToChunks(ports, report);
		if (live) return join(new PcapStreamReader(report), packetsToChunks);
		const reader = new PcapReader(report);
		return {
			push: (block) => packetsToChunks.pushAll(inTimeOrder(reader.push(block))),
			end() {
				reader.end();
				return packetsToChunks.end();
			},
		};
	},
};
