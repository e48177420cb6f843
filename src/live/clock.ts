// The time of day, finer than the system's milliseconds.

import { performance } from "node:perf_hooks";

/** Seconds by which the fine clock may be off before it is set again: the coarse one is a millisecond behind by itself. */
const TOLERATED = 0.005;

let offset = Date.now() / 1000 - performance.now() / 1000;

/** Unix seconds, to the microsecond. Follows the system's clock where that is set. */
export function unixTime(): number {
	const fine = offset + performance.now() / 1000;
	const coarse = Date.now() / 1000;
	if (Math.abs(fine - coarse) < TOLERATED) return fine;
	offset += coarse - fine;
	return coarse;
}
