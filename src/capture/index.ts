// The capture formats, a line each: what a file's first bytes have to be, and the stage that makes chunks of them.

import type { Chunk, SourceReport } from "../inspect/chunk.js";
import { join, type Stage } from "../stage.js";
import { PacketsToChunks } from "./network/packets-to-chunks.js";
import { inTimeOrder } from "./packet/in-time-order.js";
import { PcapReader, pcapForm } from "./packet/pcap.js";
import { PcapStreamReader } from "./packet/pcap-stream.js";

/** What a format is opened with. */
interface OpenOptions {
	/** Ports on which an application is listening, whatever the bytes look like. */
	readonly ports: readonly number[];
	/** Whether the bytes may arrive as slowly as the traffic does, so that nothing is to wait for what comes later. */
	readonly live: boolean;
}

/** A form of input. */
export interface CaptureFormat {
	readonly name: string;
	/** What it is, in a line for people. */
	readonly summary: string;
	/** Whether an input that starts like this, with `HEAD_LENGTH` bytes or all there are, has this form. */
	readonly recognises: (head: Buffer) => boolean;
	/** A stage that makes chunks of such an input, and fills in the report while it does. */
	readonly open: (
		options: OpenOptions,
		report: SourceReport,
	) => Stage<Buffer, Chunk>;
}

/** Bytes that are enough to recognise a format. */
export const HEAD_LENGTH = 24;

/** The formats, in the order in which they are tried. */
export const CAPTURE_FORMATS: readonly CaptureFormat[] = [
	{
		name: "pcap",
		summary: "classic pcap, as of tcpdump -w: micro- or nanoseconds",
		recognises: (head) => pcapForm(head) !== undefined,
		open: openPcap,
	},
];

function openPcap(
	{ ports, live }: OpenOptions,
	report: SourceReport,
): Stage<Buffer, Chunk> {
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
}

/** Formats that are not read yet, so that a refusal can name them: their first bytes in hex. */
const UNREAD_FORMATS: readonly (readonly [start: string, name: string])[] = [
	["0a0d0d0a", "pcapng"],
	["1f8b", "gzip"],
	["28b52ffd", "zstd"],
	["fd377a58", "xz"],
	["425a68", "bzip2"],
	["504b0304", "zip"],
	["736e6f6f70000000", "snoop"],
	["a1b2cd34", "modified pcap"],
	["34cdb2a1", "modified pcap"],
];

/** The name of a format that is not read, by how the input starts; undefined where it is none that is known. */
export function unreadFormat(head: Buffer): string | undefined {
	const start = head.toString("hex", 0, 8);
	return UNREAD_FORMATS.find(([bytes]) => start.startsWith(bytes))?.[1];
}
