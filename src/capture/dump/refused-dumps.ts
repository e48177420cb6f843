// Texts in which people show bytes and which have lost some of them, as far as that can be told for certain: a header of a
// record is seen in them.

import type { RefusedFormat } from "../format.js";

/** Dumps that cannot be turned back into bytes. */
export const REFUSED_DUMPS: readonly RefusedFormat[] = [
	// Bytes with the top bit look like those without, or like what is written for others.
	shown(
		"what cat -v shows",
		/^[\s>|]*\^A\^[A-K](?:\^@|\^?[\x20-\x7e]){2}/,
		"has lost bytes: xxd keeps them",
	),
	shown(
		"od -a",
		/^[\s>|]*0{6,8} +soh +(?:soh|stx|etx|eot|enq|ack|bel|bs|ht|nl|vt) +nul /,
		"has lost the top bit of each byte: od -tx1 keeps it",
	),
];

/** A form of which lines look like this. */
function shown(name: string, line: RegExp, advice: string): RefusedFormat {
	return {
		name,
		recognises: (head) => head.lines.some((text) => line.test(text)),
		advice,
	};
}
