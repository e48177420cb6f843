// Bytes in some notation, anywhere in a text, become the bytes. A dump starts where the notation makes a record header, and
// goes on over the lines behind it as long as they are nothing else. Lines that go on behind others that are no dump are
// taken, too, and said to follow a loss.

import { FCGI_HEADER_LEN } from "../../fastcgi/constants.js";
import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { withoutColours } from "../text/colours.js";
import type { Line } from "../text/lines.js";
import { ByteSink } from "./byte-sink.js";
import { isOfDeclaration, saidLength } from "./declaration.js";
import { DumpOutput } from "./dump-output.js";
import type { DumpedBytes } from "./dumped-bytes.js";
import { LinePrefix } from "./line-prefix.js";
import { looksLikeAnyHeader } from "./mixed-header-search.js";
import type {
	Between,
	Notation,
	NotationName,
	NotationReader,
} from "./notation.js";
import { RemarkCounts, SkippedLines } from "./remark-counts.js";

/** Bytes that a line has at least, if it goes on with a dump behind lines that are none. */
const RESUMED_BYTES = 8;
const QUOTES = "\"'`";
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** Reads all dumps of a notation in a text. */
export class NotationDump implements Stage<Line, DumpedBytes> {
	/** The format of the first dump, once one was found. */
	name: NotationName | undefined;
	readonly #notation: Notation;
	#anyStart: boolean;
	readonly #report: SourceReport;
	readonly #output = new DumpOutput();
	readonly #remarks = new RemarkCounts();
	readonly #skipped = new SkippedLines();
	/** The dump under way. */
	#reader: NotationReader | undefined;
	/** What lines have come since its last that are no part of it. */
	#interrupted: Between = "nothing";
	/** A start of which less than a header has come. */
	#trial: NotationReader | undefined;
	readonly #trialSink = new ByteSink();
	readonly #prefix = new LinePrefix();
	/** The line under way. */
	#number = 0;
	/** Where on the line its number and marks of quoting end. */
	#from = 0;
	/** Where on the line the bytes began; -1 where it has none. */
	#startedAt = -1;
	/** Whether a line is under way of which parts have come. */
	#inLine = false;
	/** Bytes of the pushes before, and how many there were when the dump began. */
	#earlier = 0;
	#beganAt = 0;

	/** Where `anyStart` says so, a dump starts on the first line that holds nothing but bytes, be they a header or not. */
	constructor(notation: Notation, report: SourceReport, anyStart = false) {
		this.#notation = notation;
		this.#report = report;
		this.#anyStart = anyStart;
	}

	push(line: Line): readonly DumpedBytes[] {
		this.#take(line);
		return this.#handOut();
	}

	/** `push` for many lines. */
	pushAll(lines: readonly Line[]): readonly DumpedBytes[] {
		for (let i = 0; i < lines.length; i++) this.#take(lines[i] as Line);
		return lines.length === 0 ? NOTHING : this.#handOut();
	}

	end(): readonly DumpedBytes[] {
		const { remarks } = this.#report;
		if (this.#reader?.unfinished) {
			this.#report.truncated = true;
			remarks.push("the dump ends in the middle of a byte");
		}
		for (const remark of this.#remarks.all()) remarks.push(remark);
		const skipped = this.#skipped.remark();
		if (skipped !== undefined) remarks.push(skipped);
		return this.#handOut();
	}

	#handOut(): readonly DumpedBytes[] {
		this.#earlier += this.#output.sink.length;
		return this.#output.take();
	}

	#take(line: Line): void {
		const text = withoutColours(line.text);
		this.#number = line.number;
		const at = this.#inLine ? this.#goOn(text) : this.#startLine(line, text);
		if (at < text.length) this.#search(text, at);
		this.#inLine = !line.ends;
		if (line.ends) this.#endLine(line, text);
	}

	/** Goes on in another part of a line; returns where the dump under way stops. */
	#goOn(text: string): number {
		if (this.#trial !== undefined) return this.#try(this.#trial, text, 0);
		if (this.#startedAt === -1) return 0;
		const reader = this.#reader;
		if (reader === undefined || reader.closed) return 0;
		return reader.read(text, 0, this.#output.sink, NO_LIMIT);
	}

	/** Returns the place from where on the line is to be searched. */
	#startLine(line: Line, text: string): number {
		this.#startedAt = -1;
		const from = this.#prefix.endOn(text);
		this.#from = from;
		const trial = this.#trial;
		if (trial !== undefined) {
			const start = trial.startLine(text, from, "nothing");
			if (start !== -1) {
				const end = this.#try(trial, text, start);
				if (end > start) return end;
			}
			this.#trial = undefined;
		}
		if (this.#anyStart && this.#startsAnywhere(text, from)) return text.length;
		if (this.#reader === undefined || this.#reader.closed) return 0;
		if (isBlankFrom(text, from)) {
			if (this.#interrupted === "nothing") this.#interrupted = "blank";
			return text.length;
		}
		if (this.#interrupted !== "nothing" && this.#startsAnew(text, from))
			return 0;
		// Where lines have numbers, one without is no part of the dump.
		if (this.#prefix.unnumbered) return 0;
		return this.#follow(this.#reader, line, text, from) ? text.length : 0;
	}

	/** Takes the first line that holds nothing but bytes. */
	#startsAnywhere(text: string, from: number): boolean {
		const start = QUOTES.includes(text[from] ?? "-") ? from + 1 : from;
		const reader = this.#notation.reader(text, start);
		const sink = this.#trialSink;
		sink.length = 0;
		const end = reader.read(text, start, sink, NO_LIMIT);
		if (end < text.length && !reader.closed) return false;
		if (sink.length < RESUMED_BYTES || reader.holes.length > 0) return false;
		this.#begin(reader, start);
		return true;
	}

	/** Whether the line starts with a header of its own. */
	#startsAnew(text: string, from: number): boolean {
		const sink = this.#trialSink;
		sink.length = 0;
		this.#notation.reader(text, from).read(text, from, sink, FCGI_HEADER_LEN);
		return isHeader(sink);
	}

	/** Takes a whole line that goes on with the dump; false where it does not, and nothing has changed. */
	#follow(
		reader: NotationReader,
		line: Line,
		text: string,
		from: number,
	): boolean {
		const start = reader.startLine(text, from, this.#interrupted);
		if (start === -1) return false;
		const { sink } = this.#output;
		const before = sink.length;
		const end = reader.read(text, start, sink, NO_LIMIT);
		if (end < text.length && !reader.closed) {
			// Behind a gap, it may be text that is shown beside the bytes.
			sink.length = Math.max(before, reader.beforeGap);
		}
		const lost = this.#interrupted === "others";
		const least = lost ? RESUMED_BYTES : 1;
		const count = sink.length - before;
		// A closing brace on a line of its own belongs to the dump.
		if (count === 0 && reader.closed && !lost) return true;
		if (count < least && (lost || end < text.length || isEmpty(reader))) {
			sink.length = before;
			reader.takeBack();
			return false;
		}
		if (lost) {
			this.#output.missAt(before, undefined);
			this.#remarks.note(
				"lost",
				`line ${line.number} goes on with the dump, behind lines that are no part of it`,
			);
		}
		this.#interrupted = "nothing";
		this.#startedAt = start;
		return true;
	}

	/** Looks for starts of dumps from `from` on. */
	#search(text: string, from: number): void {
		const notation = this.#notation;
		let at = notation.candidate(text, from);
		while (at !== -1) {
			this.#trialSink.length = 0;
			this.#trial = notation.reader(text, at);
			const end = this.#try(this.#trial, text, at);
			if (end > at) {
				this.#prefix.begin(text, at);
			}
			at = notation.candidate(text, end > at ? end : at + 1);
		}
	}

	/** Reads the beginning of what may be a dump, and then all of it. Returns where it stops: `at`, if it is none. */
	#try(trial: NotationReader, text: string, at: number): number {
		const sink = this.#trialSink;
		const wanted = FCGI_HEADER_LEN - sink.length;
		const end = trial.read(text, at, sink, wanted);
		if (sink.length < FCGI_HEADER_LEN && end === text.length) return end;
		this.#trial = undefined;
		if (!isHeader(sink) || trial.holes.length > 0) return at;
		this.#begin(trial, at);
		if (trial.closed) return end;
		const before = this.#output.sink.length;
		const stop = trial.read(text, end, this.#output.sink, NO_LIMIT);
		if (stop < text.length && trial.beforeGap >= before) {
			this.#output.sink.length = trial.beforeGap;
		}
		return stop;
	}

	#begin(reader: NotationReader, at: number): void {
		if (this.#startedAt !== -1) this.#endReaderLine("");
		const { sink } = this.#output;
		this.#output.begin();
		this.#beganAt = this.#earlier + sink.length;
		const { bytes, length } = this.#trialSink;
		for (let i = 0; i < length; i++) sink.push(bytes[i] as number);
		this.#anyStart = false;
		this.#reader = reader;
		this.name ??= reader.name;
		this.#interrupted = "nothing";
		this.#startedAt = at;
	}

	#endLine(line: Line, text: string): void {
		const trial = this.#trial;
		if (trial !== undefined) {
			trial.endLine(text, 0, this.#trialSink);
			if (trial.holes.length > 0) this.#trial = undefined;
			else if (isHeader(this.#trialSink)) {
				this.#trial = undefined;
				this.#begin(trial, 0);
			}
			return;
		}
		if (this.#startedAt === -1) this.#leave(line, text);
		else this.#endReaderLine(text);
	}

	/** Says what is wrong with the bytes of the dump under way on this line. */
	#endReaderLine(text: string): void {
		const reader = this.#reader;
		if (reader === undefined) return;
		const { sink } = this.#output;
		const wrong = reader.endLine(text, this.#startedAt, sink);
		if (wrong !== undefined) {
			this.#remarks.note("wrong", `line ${this.#number} ${wrong}`);
		}
		for (const { at, count } of reader.holes) this.#output.missAt(at, count);
	}

	/** A line was no part of a dump. */
	#leave({ number }: Line, text: string): void {
		if (text.trim() === "") return;
		const length = saidLength(text);
		if (length !== undefined && this.#reader?.closed) {
			this.#checkLength(length, number);
			return;
		}
		if (this.#reader !== undefined && this.#interrupted !== "others") {
			this.#interrupted = "others";
			if (text.slice(this.#from, this.#from + 20).trim() === "*") {
				this.#remarks.note(
					"star",
					`line ${number}: how often the line before is repeated is not said without offsets (od -v repeats nothing)`,
				);
				return;
			}
		}
		if (!isOfDeclaration(text)) this.#skipped.note(number, text);
	}

	/** `xxd -i` says how long an array is. */
	#checkLength(said: number, number: number): void {
		const length = this.#earlier + this.#output.sink.length - this.#beganAt;
		if (said === length) return;
		this.#remarks.note(
			"length",
			`line ${number}: the array has ${length} of the ${said} bytes that it should have`,
		);
	}
}

function isHeader({ bytes, length }: ByteSink): boolean {
	return length >= FCGI_HEADER_LEN && looksLikeAnyHeader(bytes, 0);
}

function isEmpty(reader: NotationReader): boolean {
	return !reader.unfinished && reader.holes.length === 0;
}

function isBlankFrom(text: string, from: number): boolean {
	return text.length - from < 1000 && text.slice(from).trim() === "";
}
