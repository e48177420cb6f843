// Times as they are typed: `500ms`, `30s`, `5m`, `2h`, or seconds.

import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = {
	ms: 1,
	"": 1000,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
};
/** What a timer of Node takes: some 24 days. */
const MOST_MS = 2 ** 31 - 1;

/** The milliseconds of a time as it is typed; for commander, which makes a message of what is thrown. */
export function milliseconds(text: string): number {
	const parts = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|)$/.exec(text);
	if (parts !== null) {
		const time = Number(parts[1]) * (UNITS[parts[2] as string] as number);
		if (time <= MOST_MS) return time;
	}
	throw new InvalidArgumentError(
		"A time is a number with ms, s, m or h, such as 500ms or 30s, up to 24 days.",
	);
}
