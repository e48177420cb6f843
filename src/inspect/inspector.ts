// Chunks into events: hands each chunk to the inspector of its connection. The one stage between a source of chunks and
// whoever shows events.

import { NOTHING, type Stage } from "../stage.js";
import type { Chunk, Connection } from "./chunk.js";
import { ConnectionInspector } from "./connection-inspector.js";
import type { FcgiEvent } from "./event.js";
import type { Numbering } from "./request-tracker.js";

/** Closed connections kept: what follows a reset was on its way already, so it follows within a few packets. */
const MAX_CLOSED = 64;

/** Turns the chunks of any number of connections into events, in order. */
export class Inspector implements Stage<Chunk, FcgiEvent> {
	readonly #numbering: Numbering = { records: 0, requests: 0 };
	/** Connections under way. How many there are is bounded by the source, which says when one has closed. */
	readonly #underWay = new Map<Connection, ConnectionInspector>();
	/** The last to close, oldest first, for bytes that still come behind a reset. */
	readonly #closed = new Map<Connection, ConnectionInspector>();

	push(chunk: Chunk): readonly FcgiEvent[] {
		const { connection } = chunk;
		const events: FcgiEvent[] = [];
		let inspector =
			this.#underWay.get(connection) ?? this.#closed.get(connection);
		if (inspector === undefined) {
			inspector = new ConnectionInspector(connection, this.#numbering);
			this.#underWay.set(connection, inspector);
		}
		const wasOver = inspector.over;
		inspector.push(chunk, events);
		if (inspector.over && !wasOver) {
			this.#underWay.delete(connection);
			this.#closed.set(connection, inspector);
			if (this.#closed.size > MAX_CLOSED) {
				const [oldest] = this.#closed.keys();
				this.#closed.delete(oldest as Connection);
			}
		}
		return events.length === 0 ? NOTHING : events;
	}

	end(): readonly FcgiEvent[] {
		const events: FcgiEvent[] = [];
		for (const inspector of this.#underWay.values()) inspector.end(events);
		this.#underWay.clear();
		return events;
	}
}
