// Packets as if the connections had been TCP and somebody had captured them (LINKTYPE_RAW): a handshake where the start was
// seen, segments, a FIN or RST where somebody ended it, and acknowledgements as far as they are needed. Missing bytes are
// missing in the sequence numbers.

import { otherPeer, type Peer } from "../../fastcgi/constants.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { FcgiRecord } from "../../fastcgi/record.js";
import type { Closing, Connection } from "../../inspect/chunk.js";
import { NOTHING } from "../../stage.js";
import type { EndTable } from "./ends.js";
import type { Interfaces } from "./interfaces.js";
import type { Link, Said } from "./link.js";
import type { PcapngBlocks } from "./pcapng-blocks.js";
import { runsOf } from "./record-runs.js";
import {
	ACK,
	FIN,
	headersLength,
	PSH,
	RST,
	type SegmentHeaders,
	SYN,
	segmentHeaders,
	writeHeaders,
} from "./tcp-segment.js";

/** LINKTYPE_RAW: packets start with IP. */
export const RAW = 101;

/** Bytes in a segment: what fits into an IP packet. */
const MAX_SEGMENT = 65_000;

/** Each connection starts elsewhere, so that one with the same ports as another is not taken for the same. */
const SEQUENCE_STEP = 1_000_000;
const SEQUENCE_STARTS = 4096;

/** What was written of a connection. */
interface Written {
	readonly interfaceId: number;
	readonly directions: Readonly<Record<Peer, Direction>>;
}

interface Direction {
	readonly headers: SegmentHeaders;
	/** Sequence number of the next byte, modulo 2^32. */
	next: number;
	/** What the other end has acknowledged. */
	acknowledged: number;
}

/** Writes segments. */
export class TcpLink implements Link {
	readonly #blocks: PcapngBlocks;
	readonly #ends: EndTable;
	readonly #interfaces: Interfaces;
	readonly #connections = new WeakMap<Connection, Written>();
	#lastConnection: Connection | undefined;
	#last: Written | undefined;

	constructor(blocks: PcapngBlocks, ends: EndTable, interfaces: Interfaces) {
		this.#blocks = blocks;
		this.#ends = ends;
		this.#interfaces = interfaces;
	}

	record(said: Said, record: FcgiRecord, comments: readonly Buffer[]): void {
		const runs = runsOf(record);
		for (const [i, { bytes, missingBehind }] of runs.entries()) {
			const last = i === runs.length - 1;
			this.bytes(said, bytes, last ? comments : NOTHING);
			const neverSent = record.truncated && last;
			if (missingBehind > 0 && !neverSent) {
				this.missing(said, missingBehind, NOTHING);
			}
		}
	}

	bytes(said: Said, bytes: Buffer, comments: readonly Buffer[]): void {
		const written = this.#written(said);
		for (let at = 0; at < bytes.length; at += MAX_SEGMENT) {
			const last = at + MAX_SEGMENT >= bytes.length;
			this.#segment(
				written,
				said.from,
				said.time,
				last ? PSH | ACK : ACK,
				at === 0 && last ? bytes : bytes.subarray(at, at + MAX_SEGMENT),
				last ? comments : NOTHING,
			);
		}
	}

	/** The other end acknowledges what is missing, so that readers need not wait for it. */
	missing(said: Said, length: number, comments: readonly Buffer[]): void {
		const written = this.#written(said);
		const direction = written.directions[said.from];
		direction.next = (direction.next + length) % 2 ** 32;
		this.#acknowledge(written, otherPeer(said.from), said.time, comments);
	}

	closed(said: Said, closing: Closing, comments: readonly Buffer[]): void {
		const { from, time } = said;
		const written = this.#written(said);
		const flags = (closing === "rst" ? RST : FIN) | ACK;
		this.#segment(written, from, time, flags, NO_BYTES, comments);
		if (closing === "fin") {
			this.#acknowledge(written, otherPeer(from), time, NOTHING);
		}
	}

	note(said: Said, comments: readonly Buffer[]): void {
		const written = this.#written(said);
		const { application } = written.directions;
		const owes = application.acknowledged !== application.next;
		const from = owes ? "webServer" : "application";
		this.#acknowledge(written, from, said.time, comments);
	}

	#acknowledge(
		written: Written,
		from: Peer,
		time: number,
		comments: readonly Buffer[],
	): void {
		this.#segment(written, from, time, ACK, NO_BYTES, comments);
	}

	#segment(
		{ interfaceId, directions }: Written,
		from: Peer,
		time: number,
		flags: number,
		payload: Buffer,
		comments: readonly Buffer[],
	): void {
		const direction = directions[from];
		const other = directions[otherPeer(from)];
		const { headers } = direction;
		const headerLength = headersLength(headers, flags);
		const length = headerLength + payload.length;
		const at = this.#blocks.packet({
			interfaceId,
			time,
			captured: length,
			original: length,
			comments,
		});
		const { bytes, words } = this.#blocks.space;
		if (payload.length > 0) bytes.set(payload, at + headerLength);
		const acknowledges = (flags & ACK) !== 0;
		const sequence = direction.next;
		const ack = acknowledges ? other.next : 0;
		writeHeaders(headers, { sequence, ack, flags }, bytes, words, at, length);
		const numbers = payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
		direction.next = (sequence + numbers) % 2 ** 32;
		if (acknowledges) other.acknowledged = ack;
	}

	#written({ connection, time }: Said): Written {
		if (connection === this.#lastConnection && this.#last !== undefined) {
			return this.#last;
		}
		let written = this.#connections.get(connection);
		if (written === undefined) {
			written = this.#newWritten(connection);
			this.#connections.set(connection, written);
			if (connection.startSeen) this.#open(written, connection, time);
		}
		this.#lastConnection = connection;
		this.#last = written;
		return written;
	}

	#open(written: Written, connection: Connection, time: number): void {
		const { openedAt, refused } = connection;
		const at = openedAt === undefined ? time : Math.round(openedAt * 1e6);
		this.#segment(written, "webServer", at, SYN, NO_BYTES, NOTHING);
		if (refused) return;
		this.#segment(written, "application", at, SYN | ACK, NO_BYTES, NOTHING);
		this.#acknowledge(written, "webServer", at, NOTHING);
	}

	#newWritten(connection: Connection): Written {
		const { webServer, application } = this.#ends.of(connection);
		const start = (connection.number % SEQUENCE_STARTS) * SEQUENCE_STEP;
		const next = connection.startSeen ? start : start + 1;
		const acknowledged = next;
		return {
			interfaceId: this.#interfaces.of(connection),
			directions: {
				webServer: {
					headers: segmentHeaders(webServer, application),
					next,
					acknowledged,
				},
				application: {
					headers: segmentHeaders(application, webServer),
					// Who refuses a connection has numbered nothing.
					next: connection.refused ? 0 : next,
					acknowledged,
				},
			},
		};
	}
}
