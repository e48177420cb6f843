// Chunks into events: hands each chunk to the inspector of its connection. The one stage between a source of chunks and
// whoever shows events.

import { Rooms } from "../fastcgi/rooms.js";
import { NOTHING, type Stage } from "../stage.js";
import type { Check } from "./check.js";
import { CheckTable } from "./check-table.js";
import type { Chunk, Connection } from "./chunk.js";
import { ConnectionInspector } from "./connection-inspector.js";
import type { FcgiEvent } from "./event.js";
import { Applications } from "./facts.js";
import type { Redactor } from "./redactor.js";
import type { Shared } from "./request-tracker.js";

/**
 * Connections inspected at a time. One costs some 10 KB while it is open; beyond, the quarter that was idle longest is
 * let go, as if the input had ended for it.
 */
export const MAX_CONNECTIONS = 8192;

/** Broken connections kept: what follows a reset was on its way already, so it follows within a few packets. */
const MAX_CLOSED = 64;

/** What an inspector is given besides chunks. */
export interface InspectorOptions {
	/** What to look for; nothing by default. */
	readonly checks?: readonly Check[];
	/** Makes what replaces the secrets of one connection, before anything else looks at its records. */
	readonly createRedactor?: () => Redactor;
}

/** Turns the chunks of any number of connections into events, in order. */
export class Inspector implements Stage<Chunk, FcgiEvent> {
	readonly #shared: Shared;
	readonly #createRedactor: (() => Redactor) | undefined;
	readonly #underWay = new Map<Connection, ConnectionInspector>();
	/** The last to break, oldest first. */
	readonly #closed = new Map<Connection, ConnectionInspector>();
	/** The connection of the chunk before, and its inspector: most chunks belong to the same. */
	#lastConnection: Connection | undefined;
	#last: ConnectionInspector | undefined;
	/** Connections are numbered in order, so one with a number up to this that is not known was let go. */
	#highestNumber = -1;
	#uses = 0;
	/** For the events of the next chunk; most chunks have none, and no list is made for them. */
	#events: FcgiEvent[] = [];

	constructor({ checks = NOTHING, createRedactor }: InspectorOptions = {}) {
		this.#shared = {
			records: 0,
			requests: 0,
			kept: { bytes: 0 },
			rooms: new Rooms(),
			checks: new CheckTable(checks),
			applications: new Applications(),
		};
		this.#createRedactor = createRedactor;
	}

	/** Takes the next chunk; the events are to be looked at before the next one is pushed. */
	push(chunk: Chunk): readonly FcgiEvent[] {
		const { connection } = chunk;
		const events = this.#events;
		if (connection !== this.#lastConnection || this.#last === undefined) {
			this.#lastConnection = connection;
			this.#last =
				this.#underWay.get(connection) ??
				this.#closed.get(connection) ??
				this.#add(connection, events);
		}
		const inspector = this.#last;
		inspector.lastUse = ++this.#uses;
		const wasOver = inspector.over;
		inspector.push(chunk, events);
		if (inspector.over && !wasOver) this.#bury(connection, inspector, events);
		if (events.length === 0) return NOTHING;
		this.#events = [];
		return events;
	}

	/** Ends all connections, and the requests that are still open. */
	end(): readonly FcgiEvent[] {
		const events: FcgiEvent[] = [];
		for (const inspector of this.#closed.values()) inspector.end(events);
		for (const inspector of this.#underWay.values()) inspector.end(events);
		this.#closed.clear();
		this.#underWay.clear();
		this.#lastConnection = this.#last = undefined;
		return events;
	}

	#add(connection: Connection, events: FcgiEvent[]): ConnectionInspector {
		const again = connection.number <= this.#highestNumber;
		if (!again) this.#highestNumber = connection.number;
		if (this.#underWay.size >= MAX_CONNECTIONS) this.#letIdleGo(events);
		const inspector = new ConnectionInspector(
			connection,
			this.#shared,
			again,
			this.#createRedactor?.(),
		);
		this.#underWay.set(connection, inspector);
		return inspector;
	}

	#bury(
		connection: Connection,
		inspector: ConnectionInspector,
		events: FcgiEvent[],
	): void {
		this.#underWay.delete(connection);
		// Where both ends have had their last word, nothing can follow.
		if (!inspector.broken) {
			this.#lastConnection = this.#last = undefined;
			inspector.end(events);
			return;
		}
		this.#closed.set(connection, inspector);
		if (this.#closed.size <= MAX_CLOSED) return;
		for (const [oldest, itsInspector] of this.#closed) {
			this.#closed.delete(oldest);
			itsInspector.end(events);
			return;
		}
	}

	#letIdleGo(events: FcgiEvent[]): void {
		const byIdleness = [...this.#underWay].sort(
			([, a], [, b]) => a.lastUse - b.lastUse,
		);
		for (const [connection, inspector] of byIdleness.slice(
			0,
			MAX_CONNECTIONS / 4,
		)) {
			this.#underWay.delete(connection);
			inspector.end(events);
		}
	}
}
