// The ways from a text to chunks: a reader of packets or of pieces of conversations, and what makes chunks of either. Where
// somebody copied no more than the FastCGI bytes of each packet, there is a shorter way.

import { looksLikeHeader } from "../../fastcgi/header-search.js";
import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import { join, NOTHING, type Stage } from "../../stage.js";
import type { OpenOptions } from "../format.js";
import { PacketsToChunks } from "../network/packets-to-chunks.js";
import { inTimeOrder } from "../packet/in-time-order.js";
import type { Packet } from "../packet/packet.js";
import type { Piece } from "../recognition/flow.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { type LineForm, LineFormReader } from "./line-form.js";
import { PayloadSenders, SENDERS_ARE_TOLD } from "./payload-senders.js";
import { toldLinkType } from "./told-link-type.js";

/** A stage that makes chunks of a text of packets. `timesTellOrder`: whether their times say which was first. */
export function throughPackets(
	reader: Stage<Buffer, Packet>,
	options: OpenOptions,
	report: SourceReport,
	timesTellOrder = () => true,
): Stage<Buffer, Chunk> {
	const toChunks = new PacketsToChunks(options, report);
	return pushedAll(reader, options.live, toChunks, timesTellOrder);
}

/** The same of a text in which each packet may be no more than its payload, as the first of them tells. */
export function throughPacketsOrPayloads(
	reader: Stage<Buffer, Packet>,
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

/** A stage that makes chunks of the lines of a text of payloads. */
export function throughPieces(
	form: LineForm<Piece>,
	{ ports }: OpenOptions,
	report: SourceReport,
): Stage<Buffer, Chunk> {
	return join(
		new LineFormReader(form, report),
		new PiecesToChunks(ports, report),
	);
}

/** The second part of the way. */
interface AllToChunks {
	pushAll(packets: readonly Packet[]): readonly Chunk[];
	end(): readonly Chunk[];
}

function pushedAll(
	reader: Stage<Buffer, Packet>,
	live: boolean,
	toChunks: AllToChunks,
	timesTellOrder = () => true,
): Stage<Buffer, Chunk> {
	const ordered = (packets: readonly Packet[]) =>
		live || !timesTellOrder() || !packets.every(hasTime)
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
