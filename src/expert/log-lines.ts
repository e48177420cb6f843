// Finds the checks that a line of a server's log stems from. Each check has the lines of the servers, with `…` for what
// differs; around them may stand what logs put there: time, process, client, request.

import type { Check } from "../inspect/check.js";

/** A check whose line is in a text. */
export interface LogMatch {
	readonly check: Check;
	/** The line as the check has it. */
	readonly line: string;
	/** How much of the line was found: more for one long piece than for several short ones. */
	readonly weight: number;
}

/** Lines of which less than half as much was found as of the best one say too little beside it. */
const WORTH_SAYING = 0.5;

/** Of several checks with the same line, those that it stems from most often: they come first. */
const USUAL_CAUSES: ReadonlySet<string> = new Set([
	...["closed-without-response", "connect-failed", "end-before-headers"],
	...["header-too-big", "not-fastcgi", "script-not-found"],
	...["slow-request", "stderr-output"],
]);

/** What in a line rules a check out: who speaks FastCGI to its upstream does not speak HTTP to it. */
const RULED_OUT: Readonly<Record<string, string>> = {
	"client-not-fastcgi": 'upstream: "fastcgi:',
};

/** The checks that a text of one line may stem from, the best match of each, best first; none where none is known. */
export function checksOfLogLine(
	text: string,
	checks: readonly Check[],
): readonly LogMatch[] {
	const line = new PlainLine(text);
	const matches: LogMatch[] = [];
	for (const check of checks) {
		const ruledOut = RULED_OUT[check.code];
		if (ruledOut !== undefined && text.includes(ruledOut)) continue;
		const match = bestMatch(line, check);
		if (match !== undefined) matches.push(match);
	}
	matches.sort((a, b) => b.weight - a.weight || rank(a.check) - rank(b.check));
	const enough = (matches[0]?.weight ?? 0) * WORTH_SAYING;
	return matches.filter(({ weight }) => weight >= enough);
}

function rank({ code }: Check): number {
	return USUAL_CAUSES.has(code) ? 0 : 1;
}

function bestMatch(text: PlainLine, check: Check): LogMatch | undefined {
	let best: LogMatch | undefined;
	for (const template of templatesOf(check)) {
		const weight = text.weightOf(template);
		if (weight <= (best?.weight ?? 0)) continue;
		best = { check, line: template.line, weight };
	}
	return best;
}

/** A line of a check, prepared. */
interface Template {
	readonly line: string;
	readonly lowerCase: string;
	/** What stands between the parts that differ. */
	readonly pieces: readonly Piece[];
}

interface Piece {
	readonly text: string;
	readonly lowerCase: string;
}

/** Prepared once: a log has many lines. */
const prepared = new WeakMap<Check, readonly Template[]>();

function templatesOf(check: Check): readonly Template[] {
	let templates = prepared.get(check);
	if (templates === undefined) {
		const lines = Object.values(check.logs ?? {}).flatMap((its) => its ?? []);
		templates = lines.map(templateOf);
		prepared.set(check, templates);
	}
	return templates;
}

/** Many checks have the same line. */
const templatesByLine = new Map<string, Template>();

function templateOf(line: string): Template {
	const known = templatesByLine.get(line);
	if (known !== undefined) return known;
	const template = {
		line,
		lowerCase: plain(line).toLowerCase(),
		pieces: line
			.split("…")
			.map(plain)
			.filter((text) => text !== "")
			.map((text) => ({ text, lowerCase: text.toLowerCase() })),
	};
	templatesByLine.set(line, template);
	return template;
}

/** Shorter than this, a piece could be part of any word: HAProxy's whole line may be `SH--`. */
const SHORT = 8;

/** A line of a log without what differs between logs: runs of blanks, escaped quotes, and the client that Apache puts in its midst. */
class PlainLine {
	readonly #text: string;
	/** In lower case; people type what they remember. */
	readonly #lowerCase: string;
	readonly #weights = new Map<Template, number>();

	constructor(text: string) {
		this.#text = plain(text);
		this.#lowerCase = this.#text.toLowerCase();
	}

	/**
	 * The lengths of the pieces of a line of a check, added up as at right angles; 0 where the text has not all of them in
	 * order, and is no piece of the line either.
	 */
	weightOf(template: Template): number {
		let weight = this.#weights.get(template);
		if (weight === undefined) {
			weight = this.#weigh(template);
			this.#weights.set(template, weight);
		}
		return weight;
	}

	#weigh({ pieces, lowerCase }: Template): number {
		let from = 0;
		const lengths: number[] = [];
		for (const piece of pieces) {
			const at = this.#indexOf(piece, from);
			if (at === -1) return this.#isPieceOf(lowerCase);
			from = at + piece.text.length;
			lengths.push(piece.text.length);
		}
		return Math.hypot(...lengths);
	}

	/** What somebody typed out of memory: `upstream timed out`, or Apache's number alone. */
	#isPieceOf(template: string): number {
		const text = this.#lowerCase;
		const enough = text.length >= SHORT || /^ah\d{5}$/.test(text);
		return enough && template.includes(text) ? text.length : 0;
	}

	#indexOf({ text: piece, lowerCase }: Piece, from: number): number {
		if (piece.length >= SHORT) {
			return this.#lowerCase.indexOf(lowerCase, from);
		}
		// Of HAProxy's letters, the case tells a closed connection from a time limit.
		const text = this.#text;
		for (let at = text.indexOf(piece, from); at !== -1; ) {
			const before = (text[at - 1] ?? " ") + piece[0];
			const behind = piece.at(-1) + (text[at + piece.length] ?? " ");
			if (!/^\w\w$/.test(before) && !/^\w\w$/.test(behind)) return at;
			at = text.indexOf(piece, at + 1);
		}
		return -1;
	}
}

function plain(text: string): string {
	return text
		.replaceAll('\\"', '"')
		.replaceAll("\\'", "'")
		.replace(/\[(?:client|remote) [^\]]{0,100}\] /g, "")
		.replace(/\s+/g, " ")
		.trim();
}
