// When packets were, as a capture counts it.

/** Turns times of chunks and events into whole microseconds. */
export class Clock {
	#last = 0;

	/**
	 * Microseconds since 1970 of a time in seconds. What has no time was seen when the last that had one was: an input
	 * without times has all of its packets at the start of 1970, with no time between them.
	 */
	at(timestamp: number | undefined): number {
		if (timestamp === undefined) return this.#last;
		const time = Math.round(timestamp * 1e6);
		this.#last = time >= 0 ? time : 0;
		return this.#last;
	}
}
