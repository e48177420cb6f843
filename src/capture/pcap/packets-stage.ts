// How packets become chunks, whatever kind of capture they were read from: in the order of their times where the capture
// is a file, as they come where it is a pipe.

import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import type { Stage } from "../../stage.js";
import type { OpenOptions } from "../format.js";
import { PacketsToChunks } from "../network/packets-to-chunks.js";
import { inTimeOrder } from "../packet/in-time-order.js";
import type { Packet } from "../packet/packet.js";

/** A stage that makes chunks of the packets which `reader` reads; it may add to `socketNames` meanwhile. */
export function packetsStage(
	reader: Stage<Buffer, Packet>,
	options: OpenOptions,
	report: SourceReport,
	socketNames?: ReadonlyMap<string, string>,
): Stage<Buffer, Chunk> {
	const packetsToChunks = new PacketsToChunks(options, report, socketNames);
	const order = options.live ? asTheyCome : inTimeOrder;
	return {
		push: (bytes) => packetsToChunks.pushAll(order(reader.push(bytes))),
		end() {
			const made = packetsToChunks.pushAll(order(reader.end()));
			const last = packetsToChunks.end();
			return made.length === 0 ? last : [...made, ...last];
		},
	};
}

function asTheyCome(packets: readonly Packet[]): readonly Packet[] {
	return packets;
}
