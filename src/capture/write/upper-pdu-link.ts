// Packets that Wireshark opens as FastCGI by themselves (LINKTYPE_WIRESHARK_UPPER_PDU): one for each record, and units of
// `data` for what is none. Where streams start and end, and where bytes of a record are missing, a tag says it.

import type { Peer } from "../../fastcgi/constants.js";
import { otherPeer } from "../../fastcgi/constants.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { FcgiRecord } from "../../fastcgi/record.js";
import type { Closing, Connection } from "../../inspect/chunk.js";
import { NOTHING } from "../../stage.js";
import type { Ends, EndTable } from "./ends.js";
import type { Interfaces } from "./interfaces.js";
import type { Link, Said } from "./link.js";
import type { PcapngBlocks } from "./pcapng-blocks.js";
import { runsOf } from "./record-runs.js";
import { type Tags, tagBytes } from "./upper-pdu-tags.js";

/** LINKTYPE_WIRESHARK_UPPER_PDU. */
export const UPPER_PDU = 252;

const FIN = 1;
const SYN = 2;
const RST = 4;

/** The most that a length on the wire can say, with room for tags. */
const MAX_ORIGINAL = 0xffff_0000;

/** What was written of a connection. */
interface Written {
	readonly ends: Ends;
	readonly interfaceId: number;
	readonly directions: Readonly<Record<Peer, Direction>>;
	/** Whether its start is still to be said. */
	opening: boolean;
}

interface Direction {
	/** In front of a usual record. */
	readonly tags: Buffer;
	/** Bytes said so far. */
	sequence: number;
}

/** Writes units of FastCGI. */
export class UpperPduLink implements Link {
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
		const written = this.#written(said);
		if (record.missing > 0 || written.opening) {
			this.#unusual(said, record, comments);
			return;
		}
		const { contentData, paddingData } = record;
		const direction = written.directions[said.from];
		const { tags } = direction;
		const length = 8 + contentData.length + paddingData.length;
		let at = this.#blocks.packet({
			interfaceId: written.interfaceId,
			time: said.time,
			captured: tags.length + length,
			original: tags.length + length,
			comments,
		});
		const { bytes } = this.#blocks.space;
		bytes.set(tags, at);
		at += tags.length;
		bytes[at] = record.version;
		bytes[at + 1] = record.type;
		bytes[at + 2] = record.requestId >>> 8;
		bytes[at + 3] = record.requestId;
		bytes[at + 4] = record.contentLength >>> 8;
		bytes[at + 5] = record.contentLength;
		bytes[at + 6] = record.paddingLength;
		bytes[at + 7] = record.reserved;
		bytes.set(contentData, at + 8);
		bytes.set(paddingData, at + 8 + contentData.length);
		direction.sequence += length;
	}

	bytes(said: Said, bytes: Buffer, comments: readonly Buffer[]): void {
		this.#unit(said, { dissector: "data", bytes, comments });
	}

	missing(said: Said, length: number, comments: readonly Buffer[]): void {
		this.#unit(said, {
			dissector: "data",
			protocol: "MISSING",
			info: `${length} bytes missing`,
			missingBehind: Math.min(length, MAX_ORIGINAL),
			comments,
		});
	}

	closed(said: Said, closing: Closing, comments: readonly Buffer[]): void {
		const flags = closing === "rst" ? RST : FIN;
		const end = said.from === "webServer" ? "web server" : "application";
		const { refused } = said.connection;
		const does = refused ? "refuses" : closing === "rst" ? "resets" : "closes";
		this.#unit(said, {
			dissector: "data",
			protocol: closing === "rst" ? "RESET" : "CLOSE",
			info: `the ${end} ${does} the connection`,
			flags,
			comments,
		});
	}

	note(said: Said, comments: readonly Buffer[]): void {
		this.#unit(said, {
			dissector: "data",
			protocol: "NOTE",
			info: `about connection ${said.connection.number}`,
			comments,
		});
	}

	/** A record of which bytes are missing, or the first of a connection. */
	#unusual(said: Said, record: FcgiRecord, comments: readonly Buffer[]): void {
		const whole = 8 + record.contentLength + record.paddingLength;
		const runs = runsOf(record);
		for (const [i, { bytes, missingBehind }] of runs.entries()) {
			const last = i === runs.length - 1;
			const neverSent = record.truncated && last;
			this.#unit(said, {
				dissector: i === 0 ? "fcgi" : "data",
				bytes,
				missingBehind: neverSent ? 0 : missingBehind,
				...(i === 0 ? { original: whole } : { info: "rest of a record" }),
				comments: last ? comments : NOTHING,
			});
		}
	}

	#unit(said: Said, unit: Unit): void {
		const written = this.#written(said);
		const { ends, directions } = written;
		const direction = directions[said.from];
		const { bytes = NO_BYTES, missingBehind = 0, flags = 0 } = unit;
		const original = unit.original ?? bytes.length + missingBehind;
		const sequence = direction.sequence % 2 ** 32;
		direction.sequence += bytes.length + missingBehind;
		const opening = written.opening;
		written.opening = false;
		const needsPlace =
			flags !== 0 || opening || original !== bytes.length + missingBehind;
		const tags = tagBytes({
			dissector: unit.dissector,
			source: ends[said.from],
			destination: ends[otherPeer(said.from)],
			...(needsPlace && {
				place: {
					sequence,
					next: direction.sequence % 2 ** 32,
					flags: flags | (opening ? SYN : 0),
				},
			}),
			...(unit.protocol !== undefined && { protocol: unit.protocol }),
			...(unit.info !== undefined && { info: unit.info }),
		});
		const at = this.#blocks.packet({
			interfaceId: written.interfaceId,
			time: said.time,
			captured: tags.length + bytes.length,
			original: tags.length + original,
			comments: unit.comments,
		});
		tags.copy(this.#blocks.space.bytes, at);
		bytes.copy(this.#blocks.space.bytes, at + tags.length);
	}

	#written({ connection }: Said): Written {
		if (connection === this.#lastConnection && this.#last !== undefined) {
			return this.#last;
		}
		let written = this.#connections.get(connection);
		if (written === undefined) {
			written = this.#newWritten(connection);
			this.#connections.set(connection, written);
			if (connection.openedAt !== undefined && connection.startSeen) {
				this.#lastConnection = connection;
				this.#last = written;
				this.#unit(
					{
						connection,
						from: "webServer",
						time: Math.round(connection.openedAt * 1e6),
					},
					{
						dissector: "data",
						protocol: "OPEN",
						info: "the web server opens the connection",
						comments: NOTHING,
					},
				);
			}
		}
		this.#lastConnection = connection;
		this.#last = written;
		return written;
	}

	#newWritten(connection: Connection): Written {
		const ends = this.#ends.of(connection);
		const { webServer, application } = ends;
		const tags = (from: Peer): Tags => ({
			dissector: "fcgi",
			source: ends[from],
			destination: ends[otherPeer(from)],
		});
		return {
			ends: { webServer, application },
			interfaceId: this.#interfaces.of(connection),
			directions: {
				webServer: { tags: tagBytes(tags("webServer")), sequence: 0 },
				application: { tags: tagBytes(tags("application")), sequence: 0 },
			},
			opening: connection.startSeen,
		};
	}
}

interface Unit extends Pick<Tags, "dissector" | "protocol" | "info"> {
	readonly bytes?: Buffer;
	/** Bytes of the stream behind them that the input does not have. */
	readonly missingBehind?: number;
	/** What the unit was as a whole, where that is more than both. */
	readonly original?: number;
	readonly flags?: number;
	readonly comments: readonly Buffer[];
}
