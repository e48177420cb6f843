// The lines of an strace log become system calls: who made them and when, and the halves of a call put together that
// another process interrupted. What the arguments mean is not its business.

import { NOTHING, type Stage } from "../../stage.js";
import { hexByte } from "../text/hex-digits.js";
import type { Line } from "../text/lines.js";
import { type PrintedTime, readTime } from "../text/printed-time.js";
import type { TextClock } from "../text/text-clock.js";

/** A system call, or the end of a process. */
export interface SystemCall {
	/** The id of the process or thread; 0 where the log does not say. */
	readonly process: number;
	/** `read`, `accept4`; `exited` where the process ended. */
	readonly name: string;
	/** What stands between the parentheses. */
	readonly arguments: string;
	/** What stands behind `= `, without the time that the call took. */
	readonly result: string;
	/** Unix seconds, or seconds since a start that only the log knows, at which it was made; undefined without times. */
	readonly startedAt: number | undefined;
	/** The same of its end; undefined where the log does not tell. */
	readonly endedAt: number | undefined;
	/** The line in which it ended. */
	readonly line: number;
	/** Whether the log ended before the line did, so that the result may be cut off. */
	readonly open: boolean;
	/** All bytes read or written, where `-e read=` or `-e write=` printed them. */
	dump: Buffer | undefined;
}

/** A call that has begun. */
interface Begun {
	/** In how many lines it has come. */
	readonly parts: number;
	readonly text: string;
	readonly startedAt: number | undefined;
}

/** Calls under way at once: there is one for each thread at most, and no service has more of them. */
const MAX_UNDER_WAY = 8192;
/** Bytes of a dump that are held: more than any process reads or writes at once. */
const MAX_DUMP = 2 ** 20;
/** Lines that a call may come in: one that is interrupted comes in two. */
const MAX_PARTS = 16;
/** Characters of calls under way that are held: each may have written a large buffer. */
const MAX_HELD = 64 * 2 ** 20;

/** Words that a pager, a mail or a container's log may have put in front of a line: a mark, a number, a name and a bar. */
const MAX_WORDS_BEFORE = 3;
/** Characters of such a word. */
const MAX_WORD = 80;
/** `[pid 123] `, `123 `, `123<php-fpm> `, and the shortest of prefixes: none. */
const PROCESS =
	/\s*(?:\[pid\s+(\d+)(?:<[^>]{0,64}>)?\]\s+|(\d+)(?:<[^>]{0,64}>)?\s+(?=\S))?/y;
/** What -i, -n and -r with -t put behind the time. */
const EXTRAS = /(?:\(\+\s*[\d.]+\)\s+|\[[ 0-9a-f?]{3,18}\]\s+)*/y;
const NAME = /(?:<\.\.\. ([a-z_0-9]+) resumed>|([a-z_][a-z_0-9]*)\()/y;
const TOOK = / <(\d+\.\d+)>$/;
const ENDED = /\+\+\+ (?:exited with|killed by) /y;
const UNFINISHED = "<unfinished ...>";
const DUMP_ROW = / \| [0-9a-f]{5,} {2}/y;

/** Puts calls together. A call is handed out when the line behind it shows that nothing more belongs to it. */
export class SystemCalls implements Stage<Line, SystemCall> {
	/** Calls of which the log does not have both halves. */
	halves = 0;
	/** Calls whose halves were too much to be held. */
	givenUp = 0;
	/** The last line, where the log ends in the middle of it. */
	cutLine: number | undefined;
	readonly #clock: TextClock;
	readonly #matters: (name: string) => boolean;
	readonly #endTells: (name: string) => boolean;
	readonly #underWay = new Map<number, Begun>();
	#held = 0;
	#last: SystemCall | undefined;
	#dump: number[] = [];
	/** Seconds that intervals (`-r`) add up to. */
	#elapsed = 0;

	/**
	 * Halves are counted of the calls that `matters` says matter. Of those that `endTells` names, a second half alone is
	 * handed out as the call, without the arguments that the first one had.
	 */
	constructor(
		clock: TextClock,
		matters: (name: string) => boolean,
		endTells: (name: string) => boolean,
	) {
		this.#clock = clock;
		this.#matters = matters;
		this.#endTells = endTells;
	}

	push(line: Line): readonly SystemCall[] {
		const { text } = line;
		if (this.#last !== undefined && this.#takeDump(text)) return NOTHING;
		const call = this.#read(line);
		if (call === undefined) return NOTHING;
		const done = this.#finishLast();
		this.#last = call;
		return done;
	}

	end(): readonly SystemCall[] {
		for (const { text } of this.#underWay.values()) this.#countHalf(text);
		return this.#finishLast();
	}

	#finishLast(): readonly SystemCall[] {
		const last = this.#last;
		if (last === undefined) return NOTHING;
		this.#last = undefined;
		if (this.#dump.length > 0) {
			last.dump = Buffer.from(this.#dump);
			this.#dump = [];
		}
		return [last];
	}

	/** ` | 00000  01 01 00 01 00 08 00 00  00 01 00 00 00 00 00 00  ................ |` */
	#takeDump(text: string): boolean {
		DUMP_ROW.lastIndex = 0;
		if (!DUMP_ROW.test(text)) return text.startsWith(" * ");
		let at = DUMP_ROW.lastIndex;
		for (let count = 0; count < 16 && this.#dump.length < MAX_DUMP; count++) {
			if (text[at] === " ") at++;
			const byte = hexByte(text, at);
			if (byte === -1) break;
			this.#dump.push(byte);
			at += 3;
		}
		return true;
	}

	/** Reads a call where it starts: at the start of the line, or behind a few words that somebody else put there. */
	#read(line: Line): SystemCall | undefined {
		let from = 0;
		for (let words = 0; words <= MAX_WORDS_BEFORE; words++) {
			const call = this.#readAt(line, from);
			if (call !== "none") return call;
			const blank = line.text.slice(from, from + MAX_WORD).search(/\s\S/);
			if (blank < 0) return undefined;
			from += blank + 1;
		}
		return undefined;
	}

	/** The call that starts at `from`, undefined where it is not whole; `none` where none starts there. */
	#readAt(
		{ text, number, open = false }: Line,
		from: number,
	): SystemCall | undefined | "none" {
		PROCESS.lastIndex = from;
		const prefix = PROCESS.exec(text);
		const process = Number(prefix?.[1] ?? prefix?.[2] ?? 0);
		let at = from + (prefix?.[0].length ?? 0);
		const printed = readTime(text, at);
		if (printed !== undefined && text[printed.end] === " ") {
			at = printed.end;
			while (text[at] === " ") at++;
		}
		EXTRAS.lastIndex = at;
		EXTRAS.test(text);
		at = EXTRAS.lastIndex;
		ENDED.lastIndex = at;
		if (ENDED.test(text)) {
			const endedAt = this.#secondsOf(printed);
			return {
				process,
				name: "exited",
				arguments: "",
				result: "",
				startedAt: endedAt,
				endedAt,
				line: number,
				open: false,
				dump: undefined,
			};
		}
		NAME.lastIndex = at;
		const named = NAME.exec(text);
		if (named === null) return "none";
		const printedAt = this.#secondsOf(printed);
		const resumed = named[1] !== undefined;
		let whole = text.slice(resumed ? NAME.lastIndex : at);
		let startedAt = printedAt;
		let parts = 1;
		if (resumed) {
			const begun = this.#underWay.get(process);
			const name = `${named[1]}(`;
			if (begun?.text.startsWith(name)) {
				this.#forget(process, begun);
				whole = begun.text + whole;
				startedAt = begun.startedAt;
				parts += begun.parts;
			} else if (this.#endTells(named[1] as string)) {
				whole = name + whole;
			} else {
				this.#countHalf(name);
				return undefined;
			}
			if (parts > MAX_PARTS) {
				this.givenUp++;
				return undefined;
			}
		}
		const unfinished = unfinishedAt(whole);
		if (unfinished >= 0) {
			const begun = whole.slice(0, unfinished);
			this.#hold(process, { parts, text: begun, startedAt });
			return undefined;
		}
		const resumedAt = resumed ? printedAt : undefined;
		const call = finished(process, whole, startedAt, resumedAt, number);
		if (!open) return call;
		if (call !== undefined) return { ...call, open };
		this.cutLine = number;
		return undefined;
	}

	#secondsOf(printed: PrintedTime | undefined): number | undefined {
		if (printed === undefined) return undefined;
		if (printed.kind !== "seconds") return this.#clock.timestamp(printed);
		this.#clock.sawIntervals();
		this.#elapsed += printed.seconds;
		return this.#elapsed;
	}

	#hold(process: number, begun: Begun): void {
		const before = this.#underWay.get(process);
		if (before !== undefined) {
			this.#countHalf(before.text);
			this.#forget(process, before);
		}
		this.#underWay.set(process, begun);
		this.#held += begun.text.length;
		for (const [oldest, held] of this.#underWay) {
			if (this.#held <= MAX_HELD && this.#underWay.size <= MAX_UNDER_WAY)
				return;
			this.givenUp++;
			this.#forget(oldest, held);
		}
	}

	#countHalf(text: string): void {
		if (this.#matters(text.slice(0, text.indexOf("(")))) this.halves++;
	}

	#forget(process: number, begun: Begun): void {
		this.#underWay.delete(process);
		this.#held -= begun.text.length;
	}
}

/** Where `<unfinished ...>` or `<detached ...>` stands at the end; -1 where it does not. */
function unfinishedAt(text: string): number {
	if (!text.endsWith("...>") && !text.endsWith("...>)")) return -1;
	const at = text.lastIndexOf(UNFINISHED);
	return at >= 0 ? at : text.lastIndexOf("<detached ...>");
}

/** `name(arguments) = result <took>` */
function finished(
	process: number,
	text: string,
	startedAt: number | undefined,
	resumedAt: number | undefined,
	line: number,
): SystemCall | undefined {
	const open = text.indexOf("(");
	for (
		let at = text.lastIndexOf(" = ");
		at > open;
		at = text.lastIndexOf(" = ", at - 1)
	) {
		let close = at;
		while (text[close - 1] === " ") close--;
		if (text[close - 1] !== ")") continue;
		let result = text.slice(at + 3);
		const took = TOOK.exec(result);
		if (took !== null) result = result.slice(0, took.index);
		return {
			process,
			name: text.slice(0, open),
			arguments: text.slice(open + 1, close - 1),
			result,
			startedAt,
			endedAt:
				took === null || startedAt === undefined
					? resumedAt
					: startedAt + Number(took[1]),
			line,
			open: false,
			dump: undefined,
		};
	}
	return undefined;
}
