// Chunks and the events that were made of them become packets: one for each record, and others for what is no record, so
// that every byte of the chunks is written once. Where secrets were replaced, only what events tell is written.

import type { Peer } from "../../fastcgi/constants.js";
import type { Chunk, Connection } from "../../inspect/chunk.js";
import type {
	BytesSkippedEvent,
	FcgiEvent,
	RecordEvent,
} from "../../inspect/event.js";
import type { Finding } from "../../inspect/finding.js";
import { NOTHING } from "../../stage.js";
import type { Clock } from "./clock.js";
import { findingComments } from "./finding-comments.js";
import type { Link } from "./link.js";
import { MAX_UNDECIDED, UnframedBytes } from "./unframed-bytes.js";

/** Bytes of a packet of bytes that are no record. */
const PIECE_LENGTH = 2 ** 15;

const STARS = Buffer.alloc(PIECE_LENGTH, "*");

/** One direction of a connection. */
interface Direction {
	readonly unframed: UnframedBytes;
	/** Bytes that were written as no record before an event has said that they are none. */
	ahead: number;
}

type Directions = Readonly<Record<Peer, Direction>>;

/** Findings that wait for a packet. */
interface Held {
	readonly connection: Connection;
	readonly findings: readonly Finding[];
}

/** Writes what events tell. */
export class ByRecords {
	readonly #link: Link;
	readonly #clock: Clock;
	readonly #redacted: boolean;
	readonly #connections = new WeakMap<Connection, Directions>();
	#lastConnection: Connection | undefined;
	#last: Directions | undefined;
	#held: Held[] = [];

	constructor(link: Link, clock: Clock, redacted: boolean) {
		this.#link = link;
		this.#clock = clock;
		this.#redacted = redacted;
	}

	/** Takes a chunk and all events that were made of it. */
	push(chunk: Chunk, events: readonly FcgiEvent[]): void {
		const { connection, from, closes } = chunk;
		const direction = this.#directions(connection)[from];
		this.#writeAhead(chunk, direction);
		direction.unframed.add(chunk.bytes);
		this.#writeAll(events, chunk);
		direction.unframed.keep();
		if (closes !== undefined) {
			const time = this.#clock.at(connection, chunk.timestamp);
			const comments = findingComments(this.#takeHeld(connection));
			this.#link.closed({ connection, from, time }, closes, comments);
		}
		this.#writeHeld();
	}

	/** Takes the events of the input's end. */
	end(events: readonly FcgiEvent[]): void {
		this.#writeAll(events, undefined);
		this.#writeHeld();
	}

	#writeAll(events: readonly FcgiEvent[], chunk: Chunk | undefined): void {
		for (let i = 0; i < events.length; i++) {
			const event = events[i] as FcgiEvent;
			if (!makesPacket(event)) {
				this.#hold(event);
				continue;
			}
			let found: readonly Finding[] = event.findings;
			if (this.#held.length > 0) {
				found = [...this.#takeHeld(event.connection), ...found];
			}
			// What is found when a request ends goes to the record that ended it.
			for (; i + 1 < events.length; i++) {
				const next = events[i + 1] as FcgiEvent;
				if (makesPacket(next) || next.connection !== event.connection) break;
				if (next.findings.length === 0) continue;
				if (isOfClosing(next, chunk)) break;
				found = [...found, ...next.findings];
			}
			const comments = findingComments(found);
			if (event.kind === "record") this.#record(event, comments);
			else this.#skipped(event, comments);
		}
	}

	#record(event: RecordEvent, comments: readonly Buffer[]): void {
		const { connection, from, record } = event;
		this.#told(
			this.#directions(connection)[from],
			8 + record.contentData.length + record.paddingData.length,
		);
		const time = this.#clock.at(connection, event.timestamp);
		this.#link.record({ connection, from, time }, record, comments);
	}

	#skipped(event: BytesSkippedEvent, comments: readonly Buffer[]): void {
		const { connection, from, length, reason } = event;
		const said = {
			connection,
			from,
			time: this.#clock.at(connection, event.timestamp),
		};
		if (reason === "missing") {
			this.#link.missing(said, length, comments);
			return;
		}
		const direction = this.#directions(connection)[from];
		const ahead = Math.min(direction.ahead, length);
		direction.ahead -= ahead;
		if (ahead === length) {
			if (comments.length > 0) this.#link.note(said, comments);
		} else this.#unframed(said, direction, length - ahead, comments);
	}

	/** Writes bytes that an event has told to be no record, or that are too far back to be of one. */
	#unframed(
		said: Parameters<Link["bytes"]>[0],
		{ unframed }: Direction,
		length: number,
		comments: readonly Buffer[],
	): void {
		for (let left = length; left > 0; ) {
			const most = Math.min(left, PIECE_LENGTH);
			const first = this.#redacted ? STARS : unframed.first(most);
			const bytes = first.subarray(0, most);
			// Of what was not seen as a chunk there is nothing to write.
			const written = bytes.length === 0 ? left : bytes.length;
			left -= written;
			const last = left === 0 ? comments : NOTHING;
			this.#link.bytes(said, bytes, last);
			unframed.drop(written);
		}
	}

	/** What has waited for longer than anything that may be of a record is written. */
	#writeAhead(chunk: Chunk, direction: Direction): void {
		const { unframed } = direction;
		const pieces = Math.floor((unframed.length - MAX_UNDECIDED) / PIECE_LENGTH);
		if (pieces <= 0) return;
		const certain = pieces * PIECE_LENGTH;
		const { connection, from } = chunk;
		const time = this.#clock.at(connection, chunk.timestamp);
		this.#unframed({ connection, from, time }, direction, certain, NOTHING);
		direction.ahead += certain;
	}

	/** Bytes of a record have been told. */
	#told(direction: Direction, length: number): void {
		direction.ahead = 0;
		direction.unframed.drop(length);
	}

	#hold({ connection, findings }: FcgiEvent): void {
		if (findings.length > 0) this.#held.push({ connection, findings });
	}

	#takeHeld(connection: Connection): readonly Finding[] {
		if (this.#held.length === 0) return NOTHING;
		const isIts = (held: Held) => held.connection === connection;
		const taken = this.#held.filter(isIts).flatMap(({ findings }) => findings);
		this.#held = this.#held.filter((held) => !isIts(held));
		return taken;
	}

	/** Findings that came without a packet get one of their own. */
	#writeHeld(): void {
		while (this.#held.length > 0) {
			const { connection } = this.#held[0] as Held;
			const comments = findingComments(this.#takeHeld(connection));
			if (comments.length === 0) continue;
			const time = this.#clock.at(connection, undefined);
			this.#link.note({ connection, from: "webServer", time }, comments);
		}
	}

	#directions(connection: Connection): Directions {
		if (connection === this.#lastConnection && this.#last !== undefined) {
			return this.#last;
		}
		let directions = this.#connections.get(connection);
		if (directions === undefined) {
			directions = { webServer: newDirection(), application: newDirection() };
			this.#connections.set(connection, directions);
		}
		this.#lastConnection = connection;
		this.#last = directions;
		return directions;
	}
}

function makesPacket(
	event: FcgiEvent,
): event is RecordEvent | BytesSkippedEvent {
	return event.kind === "record" || event.kind === "bytesSkipped";
}

/** Whether an event came about because the chunk closes its connection, and so belongs to the packet that says so. */
function isOfClosing(event: FcgiEvent, chunk: Chunk | undefined): boolean {
	if (chunk?.closes === undefined || event.connection !== chunk.connection) {
		return false;
	}
	if (event.kind === "connectionClosed") return true;
	return event.kind === "requestEnded" && event.request.closedBy !== undefined;
}

function newDirection(): Direction {
	return { unframed: new UnframedBytes(), ahead: 0 };
}
