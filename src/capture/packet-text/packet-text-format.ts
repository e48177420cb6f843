// What all texts of packets have in common: a reader of packets in front of the way from packets to chunks.

import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import type { Stage } from "../../stage.js";
import type { OpenOptions } from "../format.js";
import { PacketsToChunks } from "../network/packets-to-chunks.js";
import { inTimeOrder } from "../packet/in-time-order.js";
import type { Packet } from "../packet/packet.js";

/** Reads packets out of a text. */
export interface PacketTextReader extends Stage<Buffer, Packet> {
	/** Whether the times say which packet was first, where the order in the text does not. */
	readonly timesTellOrder: boolean;
}

/** A stage that makes chunks of a text of packets. */
export function throughPackets(
	reader: PacketTextReader,
	{ ports, live }: OpenOptions,
	report: SourceReport,
): Stage<Buffer, Chunk> {
	const packetsToChunks = new PacketsToChunks(ports, report);
	const ordered = (packets: readonly Packet[]) =>
		live || !reader.timesTellOrder || !packets.every(hasTime)
			? packets
			: inTimeOrder(packets);
	return {
		push: (bytes) => packetsToChunks.pushAll(ordered(reader.push(bytes))),
		end() {
			const last = packetsToChunks.pushAll(ordered(reader.end()));
			const rest = packetsToChunks.end();
			return last.length === 0 ? rest : [...last, ...rest];
		},
	};
}

function hasTime({ timestamp }: Packet): boolean {
	return timestamp !== undefined;
}
