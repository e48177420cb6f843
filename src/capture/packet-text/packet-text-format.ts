// What all texts of packets have in common: a reader of packets in front of the way from packets to chunks. Where somebody
// copied no more than the FastCGI bytes of each, there is a shorter way.

import { looksLikeHeader } from "../../fastcgi/header-search.js";
import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import type { OpenOptions } from "../format.js";
import { PacketsToChunks } from "../network/packets-to-chunks.js";
import { inTimeOrder } from "../packet/in-time-order.js";
import type { Packet } from "../packet/packet.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { PayloadSenders, SENDERS_ARE_TOLD } from "./payload-senders.js";
import { toldLinkType } from "./told-link-type.js";

/** Reads packets out of a text. */
export interface PacketTextReader extends Stage<Buffer, Packet> {
	/** Whether the times say which packet was first, where the order in the text does not. */
	readonly timesTellOrder: boolean;
}

/** A stage that makes chunks of a text of packets. */
export function throughPackets(
	reader: PacketTextReader,
	options: OpenOptions,
	report: SourceReport,
): Stage<Buffer, Chunk> {
	return pushedAll(reader, options.live, new PacketsToChunks(options, report));
}

/** The same of a text in which each packet may be no more than its payload, as the first of them tells. */
export function throughPacketsOrPayloads(
	reader: PacketTextReader,
	options: OpenOptions,
	report: SourceReport,
): Stage<Buffer, Chunk> {
	let chosen: AllToChunks | undefined;
	const choose = (packets: readonly Packet[]) => {
		const [first] = packets;
		chosen =
			first !== undefined && isPayload(first)
				? new PayloadsToChunks(options.ports, report)
				: new PacketsToChunks(options, report);
		return chosen;
	};
	return pushedAll(reader, options.live, {
		pushAll(packets) {
			if (packets.length === 0 && chosen === undefined) return NOTHING;
			return (chosen ?? choose(packets)).pushAll(packets);
		},
		end: () => (chosen ?? choose([])).end(),
	});
}

/** The second part of the way. */
interface AllToChunks {
	pushAll(packets: readonly Packet[]): readonly Chunk[];
	end(): readonly Chunk[];
}

function pushedAll(
	reader: PacketTextReader,
	live: boolean,
	toChunks: AllToChunks,
): Stage<Buffer, Chunk> {
	const ordered = (packets: readonly Packet[]) =>
		live || !reader.timesTellOrder || !packets.every(hasTime)
			? packets
			: inTimeOrder(packets);
	return {
		push: (bytes) => toChunks.pushAll(ordered(reader.push(bytes))),
		end() {
			const last = toChunks.pushAll(ordered(reader.end()));
			const rest = toChunks.end();
			return last.length === 0 ? rest : [...last, ...rest];
		},
	};
}

/** Takes the bytes of packets for payloads. */
class PayloadsToChunks implements AllToChunks {
	readonly #senders = new PayloadSenders();
	readonly #pieces: PiecesToChunks;
	readonly #report: SourceReport;

	constructor(ports: readonly number[], report: SourceReport) {
		this.#pieces = new PiecesToChunks(ports, report);
		this.#report = report;
	}

	pushAll(packets: readonly Packet[]): readonly Chunk[] {
		return packets.flatMap(({ bytes, start, end, timestamp, frame }) =>
			this.#pieces.push(
				this.#senders.piece(bytes.subarray(start, end), { timestamp, frame }),
			),
		);
	}

	end(): readonly Chunk[] {
		this.#report.remarks.push(SENDERS_ARE_TOLD);
		return this.#pieces.end();
	}
}

function isPayload({ bytes, start, end }: Packet): boolean {
	const captured = bytes.subarray(start, end);
	return (
		toldLinkType(captured) === undefined &&
		looksLikeHeader(captured, 0, undefined)
	);
}

function hasTime({ timestamp }: Packet): boolean {
	return timestamp !== undefined;
}
