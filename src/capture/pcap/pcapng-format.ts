// pcapng as a form of input: one reader for files and pipes.

import type { CaptureFormat } from "../format.js";
import { packetsStage } from "./packets-stage.js";
import { PcapngReader } from "./pcapng.js";
import { startsSection } from "./pcapng-block.js";

/** What Wireshark, dumpcap and tshark write. */
export const pcapng: CaptureFormat = {
	name: "pcapng",
	summary: "pcapng, as of dumpcap -w and Wireshark",
	recognises: (head) => startsSection(head.bytes),
	open(options, report) {
		const reader = new PcapngReader(report);
		return packetsStage(reader, options, report, reader.socketNames);
	},
};
