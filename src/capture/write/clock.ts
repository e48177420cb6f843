// When packets were, as a capture counts it.

import type { Connection } from "../../inspect/chunk.js";

/** Turns times of chunks and events into whole microseconds. */
export class Clock {
	/** The latest time of each connection. */
	readonly #latest = new WeakMap<Connection, number>();
	#lastConnection: Connection | undefined;
	#lastOfConnection = 0;
	#last = 0;

	/**
	 * Microseconds since 1970 of a time in seconds. On a connection they do not run backwards: bytes that came late are in
	 * front of those that had come before, and who sorts packets by their times should not turn them round. What has no
	 * time was seen when the last that had one was; so an input without times has all of its packets at the start of 1970.
	 */
	at(connection: Connection, timestamp: number | undefined): number {
		if (connection !== this.#lastConnection) {
			if (this.#lastConnection !== undefined) {
				this.#latest.set(this.#lastConnection, this.#lastOfConnection);
			}
			this.#lastConnection = connection;
			this.#lastOfConnection = this.#latest.get(connection) ?? 0;
		}
		const time =
			timestamp === undefined ? this.#last : Math.round(timestamp * 1e6);
		if (time > this.#lastOfConnection) this.#lastOfConnection = time;
		this.#last = this.#lastOfConnection;
		return this.#last;
	}
}
