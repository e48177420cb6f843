// Packets become chunks: through link, IP and TCP headers, and through tunnels between them, to the streams of connections,
// and of these to the ones that carry FastCGI. What the capture has and this way does not follow is counted, and remarked on at the end.

import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { counted } from "../counted.js";
import type { OpenOptions } from "../format.js";
import type { Packet } from "../packet/packet.js";
import type { Piece } from "../recognition/flow.js";
import { type SocketNames, WhichEnd } from "../recognition/which-end.js";
import { NO_IP } from "./ethertype.js";
import { Fragments } from "./fragments.js";
import { emptyDatagram, PROTOCOL_TCP, readIp } from "./ip.js";
import { LINK_TYPES, type LinkType } from "./link.js";
import type { PiecesLink } from "./pieces-link.js";
import { emptySegment, readTcp } from "./tcp.js";
import { MAX_CONNECTIONS } from "./tcp-connections.js";
import { TcpReassembly } from "./tcp-reassembly.js";
import { carriedIp } from "./tunnel.js";
import { UpperPdus } from "./upper-pdu.js";
import { isUserLink, UserLink } from "./user-link.js";

/** Packets in packets that are followed: real tunnels go through one or two others. */
export const MAX_NESTING = 8;
const UPPER_PDU = 252;

/** Makes chunks of packets. A chunk is a view into the bytes of the packet that it came with. */
export class PacketsToChunks implements Stage<Packet, Chunk> {
	readonly #report: SourceReport;
	readonly #reassembly = new TcpReassembly();
	readonly #whichEnd: WhichEnd;
	readonly #datagram = emptyDatagram();
	readonly #segment = emptySegment();
	readonly #fragments = new Fragments();
	/** What the packet at hand completes; empty between packets. */
	readonly #pieces: Piece[] = [];
	/** The entry of the link type that the packet before had. */
	#linkType = -1;
	#link: LinkType | undefined;
	/** Those that carry conversations without IP, as far as they were seen. */
	readonly #piecesLinks = new Map<number, PiecesLink>();
	readonly #unknownLinks = new Map<number, number>();
	readonly #skip: number | undefined;
	#tooDeep = 0;
	#damaged = 0;
	#cut = 0;

	/** The report is settled by `end`; names may be added while packets are pushed. */
	constructor(
		{ ports, skip }: Pick<OpenOptions, "ports" | "skip">,
		report: SourceReport,
		socketNames?: SocketNames,
	) {
		this.#whichEnd = new WhichEnd(ports, socketNames);
		this.#skip = skip;
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
			this.#takePieces(packet, chunks);
			return;
		}
		const at = this.#link.ipOffset(packet);
		if (at !== NO_IP) this.#takeIp(packet, at, 0, chunks);
	}

	/** Takes what has its IP header at `at`, `depth` packets deep in the one that was captured. */
	#takeIp(packet: Packet, at: number, depth: number, chunks: Chunk[]): void {
		const datagram = this.#datagram;
		const reading = readIp(packet, at, datagram);
		if (reading !== "datagram") {
			if (reading === "fragment") this.#takeFragment(packet, depth, chunks);
			else this.#damaged++;
			return;
		}
		if (datagram.protocol !== PROTOCOL_TCP) {
			const carried = carriedIp(packet, datagram);
			if (carried === NO_IP) return;
			if (depth === MAX_NESTING) this.#tooDeep++;
			else this.#takeIp(packet, carried, depth + 1, chunks);
			return;
		}
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

	#takeFragment(packet: Packet, depth: number, chunks: Chunk[]): void {
		const whole = this.#fragments.take(packet, this.#datagram);
		if (whole === undefined) return;
		if (depth === MAX_NESTING) this.#tooDeep++;
		else this.#takeIp(whole, whole.start, depth + 1, chunks);
	}

	#takePieces(packet: Packet, chunks: Chunk[]): void {
		const link = this.#piecesLinkOf(packet.linkType);
		if (link === undefined) {
			const count = this.#unknownLinks.get(packet.linkType) ?? 0;
			this.#unknownLinks.set(packet.linkType, count + 1);
			return;
		}
		link.take(packet, this.#pieces);
		this.#recognise(chunks);
	}

	#piecesLinkOf(linkType: number): PiecesLink | undefined {
		let link = this.#piecesLinks.get(linkType);
		if (link !== undefined) return link;
		if (linkType === UPPER_PDU) link = new UpperPdus();
		else if (isUserLink(linkType)) link = new UserLink(linkType, this.#skip);
		if (link !== undefined) this.#piecesLinks.set(linkType, link);
		return link;
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
		for (const link of this.#piecesLinks.values()) {
			remarks.push(...link.remarks());
		}
		this.#fragments.end();
		const { leftOut, contradicting } = this.#fragments;
		if (leftOut > 0) {
			remarks.push(
				`${counted(leftOut, "IP fragment")} left out: the rest of the datagram is not in the capture`,
			);
		}
		if (contradicting > 0) {
			remarks.push(
				`${counted(contradicting, "IP fragment")} with other bytes than those before where both overlap: the first ones were taken`,
			);
		}
		if (this.#tooDeep > 0) {
			remarks.push(
				`${counted(this.#tooDeep, "packet")} left out: more than ${MAX_NESTING} packets in each other`,
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
		for (const [address, times] of this.#whichEnd.refusals) {
			const port = address.slice(address.lastIndexOf(":") + 1);
			remarks.push(
				`${address} refused ${counted(times, "TCP connection")}; --port ${port} tells more, if it is an application's`,
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
