// Packets become chunks: through link, IP and TCP headers to the streams of connections, and of these to the ones that
// carry FastCGI. What the capture has and this way does not follow is counted, and remarked on at the end.

import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import type { Piece } from "../flow.js";
import type { OpenOptions } from "../format.js";
import type { Packet } from "../packet/packet.js";
import { WhichEnd } from "../which-end.js";
import { emptyDatagram, PROTOCOL_TCP, readIp } from "./ip.js";
import { LINK_TYPES, type LinkType, NO_IP } from "./link.js";
import { emptySegment, readTcp } from "./tcp.js";
import { MAX_CONNECTIONS } from "./tcp-connections.js";
import { TcpReassembly } from "./tcp-reassembly.js";

/** Makes chunks of packets. A chunk is a view into the bytes of the packet that it came with. */
export class PacketsToChunks implements Stage<Packet, Chunk> {
	readonly #report: SourceReport;
	readonly #reassembly = new TcpReassembly();
	readonly #whichEnd: WhichEnd;
	readonly #datagram = emptyDatagram();
	readonly #segment = emptySegment();
	/** What the packet at hand completes; empty between packets. */
	readonly #pieces: Piece[] = [];
	/** The entry of the link type that the packet before had. */
	#linkType = -1;
	#link: LinkType | undefined;
	readonly #unknownLinks = new Map<number, number>();
	#fragments = 0;
	#damaged = 0;
	#cut = 0;

	/** The report is settled by `end`. */
	constructor({ ports }: Pick<OpenOptions, "ports">, report: SourceReport) {
		this.#whichEnd = new WhichEnd(ports);
		this.#report = report;
	}

	push(packet: Packet): readonly Chunk[] {
		const chunks: Chunk[] = [];
		this.#take(packet, chunks);
		return chunks.length === 0 ? NOTHING : chunks;
	}

	/** `push` for many packets, without a list for each. */
	pushAll(packets: readonly Packet[]): readonly Chunk[] {
		const chunks: Chunk[] = [];
		for (let i = 0; i < packets.length; i++) {
			this.#take(packets[i] as Packet, chunks);
		}
		return chunks.length === 0 ? NOTHING : chunks;
	}

	end(): readonly Chunk[] {
		const chunks: Chunk[] = [];
		this.#reassembly.end(this.#pieces);
		this.#recognise(chunks);
		this.#whichEnd.end(chunks);
		this.#report.otherConnections = this.#whichEnd.otherConnections;
		this.#remark();
		return chunks;
	}

	#take(packet: Packet, chunks: Chunk[]): void {
		if (packet.linkType !== this.#linkType) {
			this.#linkType = packet.linkType;
			this.#link = LINK_TYPES.get(packet.linkType);
		}
		if (this.#link === undefined) {
			const count = this.#unknownLinks.get(packet.linkType) ?? 0;
			this.#unknownLinks.set(packet.linkType, count + 1);
			return;
		}
		const at = this.#link.ipOffset(packet);
		if (at === NO_IP) return;
		const datagram = this.#datagram;
		const reading = readIp(packet, at, datagram);
		if (reading !== "datagram") {
			if (reading === "fragment") this.#fragments++;
			else this.#damaged++;
			return;
		}
		if (datagram.protocol !== PROTOCOL_TCP) return;
		const segment = this.#segment;
		const { payloadAt, payloadEnd } = datagram;
		if (!readTcp(packet, payloadAt, payloadEnd, segment)) {
			this.#damaged++;
			return;
		}
		if (segment.capturedLength < segment.payloadLength) this.#cut++;
		this.#reassembly.take(packet, datagram, segment, this.#pieces);
		if (this.#pieces.length > 0) this.#recognise(chunks);
	}

	#recognise(chunks: Chunk[]): void {
		const pieces = this.#pieces;
		for (let i = 0; i < pieces.length; i++) {
			this.#whichEnd.take(pieces[i] as Piece, chunks);
		}
		// Setting the length would give the list's memory back for each packet.
		while (pieces.length > 0) pieces.pop();
	}

	#remark(): void {
		const { remarks } = this.#report;
		for (const [linkType, count] of this.#unknownLinks) {
			remarks.push(
				`${counted(count, "packet")} of link type ${linkType}, which is not read`,
			);
		}
		if (this.#fragments > 0) {
			remarks.push(
				`${counted(this.#fragments, "IP fragment")} left out: fragments are not put together`,
			);
		}
		if (this.#damaged > 0) {
			remarks.push(
				`${counted(this.#damaged, "packet")} with damaged or cut IP or TCP headers left out`,
			);
		}
		if (this.#cut > 0) {
			remarks.push(
				`${counted(this.#cut, "packet")} captured without the end of the payload: the snap length of the capture was too small`,
			);
		}
		if (this.#whichEnd.emptyConnections > 0) {
			remarks.push(
				`${counted(this.#whichEnd.emptyConnections, "TCP connection")} without a byte of payload`,
			);
		}
		const { outsideWindow, behindEnd, holesGivenUp } = this.#reassembly.totals;
		if (outsideWindow > 0) {
			remarks.push(
				`${counted(outsideWindow, "TCP segment")} left out: too far from the others of the connection to belong to it`,
			);
		}
		if (behindEnd > 0) {
			remarks.push(
				`${counted(behindEnd, "TCP segment")} left out: behind the end of the sender's bytes`,
			);
		}
		if (holesGivenUp > 0) {
			remarks.push(
				`${counted(holesGivenUp, "hole")} in TCP streams given up, as too much was held behind them: what filled them later counts as missing`,
			);
		}
		if (this.#reassembly.givenUp > 0) {
			remarks.push(
				`${counted(this.#reassembly.givenUp, "idle connection")} given up, as there were more than ${MAX_CONNECTIONS} at a time`,
			);
		}
	}
}

/** `1 packet`, `2 packets`. */
function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
