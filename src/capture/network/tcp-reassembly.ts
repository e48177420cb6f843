// Segments become pieces: the bytes of each direction of each connection in order, each once, with a word on those that
// are missing and on how the direction ended. It decides which segments belong to one connection where ports are used
// again, and knows nothing of what the bytes mean.

import type { Packet } from "../packet/packet.js";
import type { Piece, Side } from "../recognition/flow.js";
import {
	emptyTuple,
	type FourTuple,
	hashTuple,
	readTuple,
	turned,
} from "./four-tuple.js";
import type { IpDatagram } from "./ip.js";
import {
	FLAG_ACK,
	FLAG_FIN,
	FLAG_RST,
	FLAG_SYN,
	type TcpSegment,
} from "./tcp.js";
import { TcpConnection } from "./tcp-connection.js";
import { sideOf, TcpConnections } from "./tcp-connections.js";
import { newTotals, type TcpStream } from "./tcp-stream.js";

/** Puts segments in order. Pieces are added to a list of the caller's, as there are one or none for most packets. */
export class TcpReassembly {
	readonly #connections: TcpConnections;
	/** What its streams hold, and what they had to leave. */
	readonly totals = newTotals();
	readonly #tuple = emptyTuple();
	/** The connection of the segment before: most segments belong to the same. */
	#last: TcpConnection | undefined;
	/** Connections that were still open when they were given up, because there were too many. */
	givenUp = 0;

	constructor(connections = new TcpConnections()) {
		this.#connections = connections;
	}

	/** Takes the segment that `packet` carries. */
	take(
		packet: Packet,
		datagram: IpDatagram,
		segment: TcpSegment,
		pieces: Piece[],
	): void {
		const tuple = this.#tuple;
		readTuple(packet.bytes, datagram, segment, tuple);
		let connection = this.#last;
		let side = connection === undefined ? undefined : sideOf(connection, tuple);
		if (side === undefined) {
			connection = this.#connections.find(tuple);
			if (connection !== undefined) side = sideOf(connection, tuple);
		}
		const flags = segment.flags;
		if ((flags & FLAG_SYN) !== 0 && (flags & FLAG_RST) === 0) {
			connection = this.#open(connection, side, packet, segment, pieces);
			side = sideOf(connection, tuple);
			// The SYN itself has a sequence number; bytes that came with it have the next ones.
			segment.sequence = (segment.sequence + 1) | 0;
		} else if (
			segment.payloadLength > 0 &&
			(connection === undefined || isOver(connection, side as Side, segment))
		) {
			if (connection !== undefined) this.#connections.delete(connection);
			connection = this.#add(tuple, pieces);
			side = 0;
		}
		if (connection === undefined) return;
		this.#last = connection;
		this.#takeFor(connection, side as Side, packet, segment, pieces);
	}

	/** Hands out what is still held. */
	end(pieces: Piece[]): void {
		for (const connection of this.#connections.all()) {
			finish(connection, pieces);
		}
	}

	#takeFor(
		connection: TcpConnection,
		side: Side,
		packet: Packet,
		segment: TcpSegment,
		pieces: Piece[],
	): void {
		connection.lastFrame = packet.frame;
		connection.lastTimestamp = packet.timestamp;
		const flags = segment.flags;
		if (connection.left) {
			if ((flags & (FLAG_FIN | FLAG_RST)) !== 0) this.#bury(connection, pieces);
			return;
		}
		const stream = connection.streams[side];
		const { sequence, acknowledgment } = segment;
		stream.seen = true;
		const resets = (flags & FLAG_RST) !== 0;
		if (resets && stream.started && stream.ended === undefined) {
			if (!stream.canHave(sequence)) return;
		}
		// What has to wait behind a hole speaks when it is handed out.
		const waits =
			!resets && stream.started && ((sequence - stream.next) | 0) > 0;
		const ends = !waits && (flags & (FLAG_FIN | FLAG_RST)) !== 0;
		const peer = connection.streams[side === 0 ? 1 : 0];
		if ((flags & FLAG_ACK) !== 0) {
			if (peer.started) {
				// A capture of one direction only tells by the acknowledgments what went in the other.
				const speaks =
					ends || (!waits && (segment.payloadLength > 0 || !peer.seen));
				peer.acknowledge(acknowledgment, speaks, pieces);
			}
			// The end of the handshake tells where the answer will begin, if the capture lost the answer to the SYN.
			else if (stream.startKnown && sequence === stream.first) {
				peer.begin(acknowledgment);
			} else peer.guess(acknowledgment);
		}
		if (ends && peer.started) peer.noteUnseenEnd(pieces);
		if (!stream.started) {
			if (resets && refuses(segment, peer)) connection.refused = true;
			else stream.guess(sequence);
		}
		if (resets) stream.reset(packet, sequence, pieces);
		else if (segment.payloadLength > 0 || (flags & FLAG_FIN) !== 0) {
			stream.take(packet, segment, pieces);
		}
		if (connection.closed) this.#bury(connection, pieces);
	}

	#bury(connection: TcpConnection, pieces: Piece[]): void {
		if (connection.buried) return;
		const oldest = this.#connections.bury(connection);
		if (oldest !== undefined) finish(oldest, pieces);
	}

	/** The connection that a SYN opens, or belongs to where it is a repeated one. */
	#open(
		known: TcpConnection | undefined,
		side: Side | undefined,
		packet: Packet,
		segment: TcpSegment,
		pieces: Piece[],
	): TcpConnection {
		const first = (segment.sequence + 1) | 0;
		const answers = (segment.flags & FLAG_ACK) !== 0;
		if (known !== undefined && side !== undefined) {
			const stream = known.streams[side];
			const peer = known.streams[side === 0 ? 1 : 0];
			if (stream.started && stream.first === first) return known;
			const peerFits =
				!peer.started || peer.first === (segment.acknowledgment | 0);
			const nothingYet = !stream.started || stream.next === stream.first;
			if (answers && peerFits && nothingYet && stream.ended === undefined) {
				stream.begin(first);
				if (!peer.started) peer.begin(segment.acknowledgment);
				return known;
			}
			finish(known, pieces);
			this.#connections.delete(known);
		}
		const opener = answers ? turned(this.#tuple) : this.#tuple;
		const connection = this.#add(opener, pieces);
		connection.openerKnown = true;
		connection.openedAt = packet.timestamp;
		connection.streams[answers ? 1 : 0].begin(first);
		if (answers) connection.streams[0].begin(segment.acknowledgment);
		return connection;
	}

	#add(tuple: FourTuple, pieces: Piece[]): TcpConnection {
		const connection = new TcpConnection(
			{ ...tuple },
			hashTuple(tuple),
			this.totals,
		);
		for (const idle of this.#connections.add(connection)) {
			if (!idle.left) this.givenUp++;
			finish(idle, pieces);
		}
		return connection;
	}
}

/** Whether a reset answers the SYN of `peer`: its side never had a sequence number of its own (RFC 9293, 3.10.7.1). */
function refuses(segment: TcpSegment, peer: TcpStream): boolean {
	return (
		(segment.flags & FLAG_ACK) !== 0 &&
		segment.sequence === 0 &&
		peer.startKnown &&
		segment.acknowledgment === peer.first
	);
}

/** Hands out what a connection holds, and forgets it. */
function finish(connection: TcpConnection, pieces: Piece[]): void {
	for (const stream of connection.streams) {
		if (!connection.left) stream.giveUpHoles(pieces);
		stream.forget();
	}
}

/**
 * Whether bytes come from a later connection between the same ports, whose handshake the capture does not have: this one
 * was closed in order, and they are no late copies of its own.
 */
function isOver(
	connection: TcpConnection,
	side: Side,
	segment: TcpSegment,
): boolean {
	const [a, b] = connection.streams;
	return (
		a.ended === "fin" &&
		b.ended === "fin" &&
		!connection.streams[side].canHave(segment.sequence)
	);
}
