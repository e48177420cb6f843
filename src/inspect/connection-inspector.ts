// One connection: the chunks of its two directions into records, and the records into requests. Neither direction waits
// for the other; events come in the order of the chunks.

import {
	FCGI_HEADER_LEN,
	FCGI_VERSION_1,
	otherPeer,
	type Peer,
} from "../fastcgi/constants.js";
import type { Rooms } from "../fastcgi/rooms.js";
import { NOTHING } from "../stage.js";
import type { Chunk, Closing, Connection } from "./chunk.js";
import type { FcgiEvent } from "./event.js";
import type { Finding } from "./finding.js";
import { type Framed, Framing } from "./framing.js";
import type { Redactor } from "./redactor.js";
import { RequestTracker, type Shared } from "./request-tracker.js";
import type { Skipped } from "./skipped-bytes.js";

/** One direction: its framing, and the time at which the record under way began. */
interface Direction {
	readonly framing: Framing;
	underWaySince: number | undefined;
	closed: boolean;
}

/** The inspector of one connection. */
export class ConnectionInspector {
	readonly #connection: Connection;
	readonly #tracker: RequestTracker;
	readonly #directions: Readonly<Record<Peer, Direction>>;
	#opened: boolean;
	#over: boolean;
	#closedBy: Peer | undefined;
	#closing: Closing | undefined;
	#broken = false;

	readonly #redactor: Redactor | undefined;
	readonly #startSeen: boolean;

	/** A connection that comes `again`, after it was let go, is neither opened nor closed once more. */
	constructor(
		connection: Connection,
		shared: Shared,
		again: boolean,
		redactor: Redactor | undefined,
	) {
		this.#redactor = redactor;
		this.#connection = connection;
		this.#opened = this.#over = again;
		const startSeen = connection.startSeen && !again;
		this.#startSeen = startSeen;
		this.#tracker = new RequestTracker(connection, shared, startSeen);
		this.#directions = {
			webServer: newDirection("webServer", startSeen, shared.rooms),
			application: newDirection("application", startSeen, shared.rooms),
		};
	}

	/** When it was given its last chunk, by a count of the inspector's. */
	lastUse = 0;

	/** Whether the connection has closed, so that no more is expected. */
	get over(): boolean {
		return this.#over;
	}

	/** Whether an end broke the connection off, so that bytes which were on their way may still come. */
	get broken(): boolean {
		return this.#broken;
	}

	/** Takes the next chunk of the connection and adds what it means to `events`. */
	push(chunk: Chunk, events: FcgiEvent[]): void {
		if (!this.#opened) this.#open(chunk.timestamp, events);
		const direction = this.#directions[chunk.from];
		const { framing } = direction;
		const wasUnderWay = framing.underWay;
		const framed = framing.push(chunk.bytes, chunk.missingBefore);
		// Only the first record can have begun in an earlier chunk.
		const since = wasUnderWay ? direction.underWaySince : chunk.timestamp;
		this.#report(framed, chunk, since, events);
		if (!wasUnderWay || framed.length > 0) {
			direction.underWaySince = chunk.timestamp;
		}
		if (chunk.closes !== undefined) this.#close(chunk, chunk.closes, events);
	}

	/** Says that nothing more comes: the input has ended, or the connection is let go. */
	end(events: FcgiEvent[]): void {
		const nowhere = { timestamp: undefined, frame: undefined };
		this.#endDirection("webServer", nowhere, events);
		this.#endDirection("application", nowhere, events);
		if (this.#over) this.#tracker.close(undefined, undefined, events);
		else this.#finish(undefined, events);
	}

	#open(timestamp: number | undefined, events: FcgiEvent[]): void {
		this.#opened = true;
		events.push({
			kind: "connectionOpened",
			connection: this.#connection,
			timestamp: this.#connection.openedAt ?? timestamp,
			closedBy: undefined,
			closing: undefined,
			findings: this.#tracker.findings.lookAtConnection("connectionOpened"),
			ofConnection: NOTHING,
		});
	}

	#report(
		framed: readonly Framed[],
		seen: Pick<Chunk, "from" | "timestamp" | "frame">,
		firstStartedAt: number | undefined,
		events: FcgiEvent[],
	): void {
		for (let i = 0; i < framed.length; i++) {
			const item = framed[i] as Framed;
			if (item.kind === "skippedPiece") {
				events.push({
					kind: "skippedPiece",
					connection: this.#connection,
					from: seen.from,
					timestamp: seen.timestamp,
					frame: seen.frame,
					offset: item.offset,
					bytes:
						this.#redactor === undefined
							? item.bytes
							: Buffer.alloc(item.bytes.length, "*"),
					findings: NOTHING,
				});
				continue;
			}
			if (item.kind === "skipped") {
				const event = {
					kind: "bytesSkipped" as const,
					connection: this.#connection,
					from: seen.from,
					timestamp: seen.timestamp,
					frame: seen.frame,
					offset: item.offset,
					length: item.length,
					reason: item.reason,
					firstBytes: this.#shown(item),
					until: item.until,
					findings: NOTHING as readonly Finding[],
				};
				event.findings = this.#tracker.findings.lookAtSkipped(event);
				events.push(event);
				this.#redactor?.lose(seen.from);
				this.#tracker.lose(seen.from, item.reason);
				continue;
			}
			const sighting = {
				from: seen.from,
				startedAt: i === 0 ? firstStartedAt : seen.timestamp,
				timestamp: seen.timestamp,
				frame: seen.frame,
			};
			const record = this.#redactor?.redact(item, seen.from) ?? item;
			const legible = this.#redactor?.legible;
			this.#tracker.push(record, sighting, events, legible);
		}
	}

	/** The first of skipped bytes, fit to be shown: where secrets are replaced, they may be of one. */
	#shown({ firstBytes, offset, length }: Skipped): Buffer {
		if (this.#redactor === undefined) return firstBytes;
		// The beginning of a record's header.
		if (firstBytes[0] === FCGI_VERSION_1 && length < FCGI_HEADER_LEN) {
			return firstBytes;
		}
		const shown = Buffer.alloc(firstBytes.length, "*");
		// At the start of a direction they say which protocol it is, up to where values may be.
		if (offset === 0 && this.#startSeen) {
			const value = firstBytes.findIndex(
				(byte) => byte === 0x3f || byte === 0x3d,
			);
			firstBytes.copy(shown, 0, 0, value === -1 ? firstBytes.length : value);
		}
		return shown;
	}

	#close(chunk: Chunk, closing: Closing, events: FcgiEvent[]): void {
		const { from, timestamp } = chunk;
		this.#closedBy ??= from;
		this.#closing ??= closing;
		if (closing === "rst") this.#broken = true;
		this.#directions[from].closed = true;
		this.#tracker.facts.endedDirection(from, closing, timestamp);
		this.#endDirection(from, chunk, events);
		// After a reset by one end, what the other had begun to say is all that it said, but for bytes on their way.
		if (closing === "rst") this.#endDirection(otherPeer(from), chunk, events);
		if (this.#over) return;
		// After the application's last word no request can end properly; after a reset by either end no more is read.
		const end = { by: this.#closedBy, closing: this.#closing };
		if (from === "application" || closing === "rst") {
			this.#tracker.close(timestamp, end, events);
		} else this.#tracker.left(timestamp, end);
		if (closing === "rst" || this.#directions[otherPeer(from)].closed) {
			this.#finish(timestamp, events);
		}
	}

	/** Reports what of a direction is not whole. */
	#endDirection(
		from: Peer,
		{ timestamp, frame }: Pick<Chunk, "timestamp" | "frame">,
		events: FcgiEvent[],
	): void {
		const { framing, underWaySince } = this.#directions[from];
		const seen = { from, timestamp, frame };
		this.#report(framing.end(), seen, underWaySince, events);
	}

	#finish(timestamp: number | undefined, events: FcgiEvent[]): void {
		this.#over = true;
		const { facts, findings } = this.#tracker;
		this.#tracker.close(timestamp, undefined, events);
		facts.over();
		events.push({
			kind: "connectionClosed",
			connection: this.#connection,
			timestamp,
			closedBy: this.#closedBy,
			closing: this.#closing,
			findings: findings.lookAtConnection("connectionClosed"),
			ofConnection: findings.ofConnection,
		});
	}
}

function newDirection(from: Peer, startSeen: boolean, rooms: Rooms): Direction {
	return {
		framing: new Framing(from, startSeen, rooms),
		underWaySince: undefined,
		closed: false,
	};
}
