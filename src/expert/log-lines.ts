// Finds the checks that a line of a server's log stems from. Each check has the lines of the servers, with `…` for what
// differs; around them may stand what logs put there: time, process, client, request.

import type { Check } from "../inspect/check.js";
import type { SoftwareName } from "../inspect/software.js";

/** A check whose line is in a text. */
export interface LogMatch {
	readonly check: Check;
	readonly server: SoftwareName;
	/** The line as the check has it. */
	readonly line: string;
	/** How much of the line was found: more for one long piece than for several short ones. */
	readonly weight: number;
}

/** Lines of which less than half as much was found as of the best one say too little beside it. */
const WORTH_SAYING = 0.5;

/** The checks that a text of one line may stem from, the best match of each, best first; none where none is known. */
export function checksOfLogLine(
	text: string,
	checks: readonly Check[],
): readonly LogMatch[] {
	const plain = plainText(text);
	const matches: LogMatch[] = [];
	for (const check of checks) {
		let best: LogMatch | undefined;
		for (const [server, lines] of Object.entries(check.logs ?? {})) {
			for (const line of lines) {
				const weight = weightOf(plain, line);
				if (weight <= (best?.weight ?? 0)) continue;
				best = { check, server: server as SoftwareName, line, weight };
			}
		}
		if (best !== undefined) matches.push(best);
	}
	matches.sort((a, b) => b.weight - a.weight);
	const enough = (matches[0]?.weight ?? 0) * WORTH_SAYING;
	return matches.filter(({ weight }) => weight >= enough);
}

/** The lengths of the pieces of a line of a check, added up as at right angles; 0 where a text has not all of them, in order. */
function weightOf(plain: string, line: string): number {
	let from = 0;
	const lengths: number[] = [];
	for (const part of line.split("…")) {
		const words = plainText(part);
		if (words === "") continue;
		const at = indexOfWords(plain, words, from);
		if (at === -1) return 0;
		from = at + words.length;
		lengths.push(words.length);
	}
	return Math.hypot(...lengths);
}

/** Shorter than this, words could be part of any other: HAProxy's whole line may be `SH--`. */
const SHORT = 8;

function indexOfWords(plain: string, words: string, from: number): number {
	for (let at = plain.indexOf(words, from); at !== -1; ) {
		const before = (plain[at - 1] ?? " ") + words[0];
		const behind = words.at(-1) + (plain[at + words.length] ?? " ");
		if (words.length >= SHORT) return at;
		if (!/^\w\w$/.test(before) && !/^\w\w$/.test(behind)) return at;
		at = plain.indexOf(words, at + 1);
	}
	return -1;
}

/** Lower case, one blank for any number, and no backslashes in front of quotes: logs escape what they quote. */
function plainText(text: string): string {
	return text
		.toLowerCase()
		.replaceAll('\\"', '"')
		.replaceAll("\\'", "'")
		.replace(/\s+/g, " ")
		.trim();
}
