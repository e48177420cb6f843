// What is common to the checks of request ids (section 3.3): what servers log, and which ids are in use.

import type { ConnectionFacts } from "../../inspect/facts.js";

/** What servers log of an id that they do not expect. */
export const ID_LOGS = {
	nginx: [
		"upstream sent unexpected FastCGI request id high byte: … while reading response header from upstream",
		"upstream sent unexpected FastCGI request id low byte: … while reading response header from upstream",
		"upstream sent unexpected FastCGI request id high byte: … while reading upstream",
		"upstream sent unexpected FastCGI request id low byte: … while reading upstream",
	],
	Apache: [
		"AH01069: Got bogus rid …, expected …",
		"(22)Invalid argument: AH01075: Error dispatching request to …",
	],
	HAProxy: ["sH--"],
} as const;

/** Most ids that are listed. */
const MAX_LISTED = 4;

/** Which requests are open: `open is 1`. */
export function openIds({ open }: ConnectionFacts): string {
	if (open.size === 0) return "no request is open";
	const ids = [...open.keys()].slice(0, MAX_LISTED).join(", ");
	const more = open.size > MAX_LISTED ? ", ..." : "";
	return `open ${open.size === 1 ? "is" : "are"} ${ids}${more}`;
}
