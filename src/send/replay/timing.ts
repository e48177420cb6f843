// When recorded requests are sent: one after the other, or as they were recorded, or faster or slower than that.

import { FcgiInspectError } from "../../errors.js";
import { quoted } from "../quoted.js";
import type { RecordedRequest } from "./recorded-request.js";

/** How many times as fast as recorded; undefined where each is sent when the one before has been answered. */
export type Timing = number | undefined;

/** `none`, `original`, or `x2` for twice as fast. Throws FcgiInspectError. */
export function parseTiming(text: string): Timing {
	if (text === "none") return undefined;
	if (text === "original") return 1;
	const speed = Number(/^x(\d{1,6}(?:\.\d{1,6})?)$/.exec(text)?.[1] ?? 0);
	if (speed > 0) return speed;
	throw new FcgiInspectError(
		"usage",
		`${quoted(text)} is no timing: none, original, x2 for twice as fast, or x0.5 for half as fast`,
	);
}

/**
 * Milliseconds from the first request to each, in the order of their numbers; one without a time is sent with the one in
 * front of it. A recording without times is a FcgiInspectError.
 */
export function startsOf(
	requests: readonly RecordedRequest[],
	speed: number,
): readonly number[] {
	const times = requests.map(({ startedAt }) => startedAt);
	const known = times.filter((time) => time !== undefined);
	if (known.length === 0) {
		throw new FcgiInspectError(
			"usage",
			"the recording has no times, so it cannot be sent in its own; --timing none sends it as fast as it is answered",
		);
	}
	const first = known.reduce((least, time) => Math.min(least, time));
	let last = first;
	return times.map((time) => {
		last = time ?? last;
		return ((last - first) * 1000) / speed;
	});
}
