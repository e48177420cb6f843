// Classic pcap as a form of input: files through the project's own reader, pipes through pcap-parser.

import type { CaptureFormat } from "../format.js";
import { packetsStage } from "./packets-stage.js";
import { PcapReader, pcapForm } from "./pcap.js";
import { PcapStreamReader } from "./pcap-stream.js";

/** What tcpdump and most others write. */
export const pcap: CaptureFormat = {
	name: "pcap",
	summary: "classic pcap, as of tcpdump -w: micro- or nanoseconds",
	recognises: (head) => pcapForm(head.bytes) !== undefined,
	open(options, report) {
		const reader = options.live
			? new PcapStreamReader(report)
			: new PcapReader(report);
		return packetsStage(reader, options, report);
	},
};
