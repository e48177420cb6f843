// Chunks become packets as they came, whatever is in them; events only bring the findings.

import type { Chunk } from "../../inspect/chunk.js";
import type { FcgiEvent } from "../../inspect/event.js";
import type { Finding } from "../../inspect/finding.js";
import { NOTHING } from "../../stage.js";
import type { Clock } from "./clock.js";
import { findingComments } from "./finding-comments.js";
import type { Link } from "./link.js";

/** Writes chunks. */
export class ByChunks {
	readonly #link: Link;
	readonly #clock: Clock;

	constructor(link: Link, clock: Clock) {
		this.#link = link;
		this.#clock = clock;
	}

	/** Takes a chunk and all events that were made of it: findings go onto the chunk's last packet. */
	push(chunk: Chunk, events: readonly FcgiEvent[]): void {
		const { connection, from, bytes, missingBefore, closes } = chunk;
		const said = {
			connection,
			from,
			time: this.#clock.at(connection, chunk.timestamp),
		};
		const comments = findingComments(findingsOf(events, chunk));
		if (missingBefore > 0) this.#link.missing(said, missingBefore, NOTHING);
		if (bytes.length > 0) {
			const last = closes === undefined;
			this.#link.bytes(said, bytes, last ? comments : NOTHING);
		}
		if (closes !== undefined) this.#link.closed(said, closes, comments);
		else if (bytes.length === 0 && comments.length > 0) {
			this.#link.note(said, comments);
		}
		this.#noteOthers(events, chunk);
	}

	/** Takes the events of the input's end. */
	end(events: readonly FcgiEvent[]): void {
		this.#noteOthers(events, undefined);
	}

	/** Writes what was found on other connections, which were ended by the way. */
	#noteOthers(events: readonly FcgiEvent[], chunk: Chunk | undefined): void {
		for (let i = 0; i < events.length; i++) {
			const { connection, findings } = events[i] as FcgiEvent;
			if (findings.length === 0 || connection === chunk?.connection) continue;
			const comments = findingComments(findings);
			if (comments.length === 0) continue;
			const time = this.#clock.at(connection, undefined);
			this.#link.note({ connection, from: "webServer", time }, comments);
		}
	}
}

/** What was found on the chunk's own connection. */
function findingsOf(
	events: readonly FcgiEvent[],
	{ connection }: Chunk,
): readonly Finding[] {
	let found: readonly Finding[] = NOTHING;
	for (let i = 0; i < events.length; i++) {
		const event = events[i] as FcgiEvent;
		if (event.findings.length === 0 || event.connection !== connection)
			continue;
		found = [...found, ...event.findings];
	}
	return found;
}
