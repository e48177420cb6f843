// Classic pcap as a form of input: files through the project's own reader, pipes through pcap-parser. Modified pcap is read
// by the former only, wherever it comes from.

import type { CaptureFormat } from "../format.js";
import { packetsStage } from "./packets-stage.js";
import { PcapReader } from "./pcap.js";
import { type PcapForm, pcapForm } from "./pcap-header.js";
import { PcapStreamReader } from "./pcap-stream.js";
import { pcapVariant } from "./pcap-variant.js";

/** What tcpdump and most others write. */
export const pcap: CaptureFormat = {
	name: "pcap",
	summary: "classic pcap, as of tcpdump -w: micro- or nanoseconds",
	recognises: ({ bytes }) => isReadable(bytes, false),
	open(options, report) {
		const reader = options.live
			? new PcapStreamReader(report)
			: new PcapReader(report);
		return packetsStage(reader, options, report);
	},
};

/** What Alexey Kuznetzov's libpcap wrote, and some appliances still do. */
export const modifiedPcap: CaptureFormat = {
	name: "modified-pcap",
	summary: "modified pcap, with packet headers of 24 bytes",
	recognises: ({ bytes }) => isReadable(bytes, true),
	open: (options, report) =>
		packetsStage(new PcapReader(report), options, report),
};

function isReadable(bytes: Buffer, modified: PcapForm["modified"]): boolean {
	return (
		pcapForm(bytes)?.modified === modified && pcapVariant(bytes) === undefined
	);
}
