// What was shown becomes a pcapng capture (draft-ietf-opsawg-pcapng): chunks, and the events that an inspector made of them,
// into blocks. Only whole blocks are handed out, so that what was written of a file is one at any moment.

import type { Chunk } from "../../inspect/chunk.js";
import type { FcgiEvent } from "../../inspect/event.js";
import { ByChunks } from "./by-chunks.js";
import { ByRecords } from "./by-records.js";
import { Clock } from "./clock.js";
import { EndTable } from "./ends.js";
import { printable } from "./finding-comments.js";
import { Interfaces } from "./interfaces.js";
import { PcapngBlocks } from "./pcapng-blocks.js";
import { RAW, TcpLink } from "./tcp-link.js";
import { UPPER_PDU, UpperPduLink } from "./upper-pdu-link.js";

/** What a capture's packets are: a record each, which Wireshark opens as FastCGI, or invented TCP/IP. */
export type LinkName = "fcgi" | "tcp";

/** How to write. */
export interface CaptureWriterOptions {
	readonly link: LinkName;
	/** Whether secrets were replaced in the records of events: then no byte of a chunk is written. */
	readonly redacted: boolean;
	/** Who writes it, such as `fcgi-inspect 1.0.0`. */
	readonly application: string;
}

/** Makes a capture. The blocks it hands out are not written to again, unless it is told that this may be. */
export interface CaptureWriter {
	/** Takes a chunk and all events that were made of it, before the next chunk is pushed into their inspector. */
	push(chunk: Chunk, events: readonly FcgiEvent[]): readonly Buffer[];
	/** Takes the events of the inspector's end. */
	end(events: readonly FcgiEvent[]): readonly Buffer[];
	/** What a capture starts with, and all that one without packets has. */
	start(): readonly Buffer[];
	/** To be called when nobody needs the blocks that were handed out: their memory serves again. */
	reuse(): void;
}

/** Makes the writer of one capture. */
export function createCaptureWriter({
	link,
	redacted,
	application,
}: CaptureWriterOptions): CaptureWriter {
	const blocks = new PcapngBlocks();
	blocks.section(application);
	const ends = new EndTable((address, name) =>
		blocks.name(address, printable(name)),
	);
	const interfaces = new Interfaces(blocks, link === "tcp" ? RAW : UPPER_PDU);
	const packets =
		link === "tcp"
			? new TcpLink(blocks, ends, interfaces.first)
			: new UpperPduLink(blocks, ends, interfaces);
	const clock = new Clock();
	const writer =
		link === "tcp" && !redacted
			? new ByChunks(packets, clock)
			: new ByRecords(packets, clock, redacted);
	return {
		start: () => blocks.space.take(),
		reuse: () => blocks.space.reuse(),
		push(chunk, events) {
			writer.push(chunk, events);
			return blocks.space.take();
		},
		end(events) {
			writer.end(events);
			return blocks.space.take();
		},
	};
}
