// A followed stream as raw hex digits (`tshark -z follow,tcp,raw,0`) becomes pieces: a line for each packet, those of the
// second node indented by a tab.

import type { SourceReport } from "../../inspect/chunk.js";
import { join, NOTHING, type Stage } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece, Side } from "../recognition/flow.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { type Line, Lines } from "../text/lines.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	indentOf,
	mayHaveColours,
	withoutColours,
} from "./decoration.js";
import { DumpDamage } from "./dump-damage.js";
import { headingIndent, shownAs, takeHeading } from "./follow-heading.js";
import { FollowedStreams } from "./followed-streams.js";
import { hexByte, hexRun } from "./hex-digits.js";

/** A conversation as lines of hex digits. */
export const followRaw: CaptureFormat = {
	name: "follow-raw",
	summary: "followed stream as raw hex digits, of tshark -z follow,tcp,raw",
	recognises: isFollowRaw,
	open: ({ ports }, report) =>
		join(new FollowRawReader(report), new PiecesToChunks(ports, report)),
};

/** Digits that a line needs where no heading says that it is one: those of a record header, which no word has. */
const MIN_DIGITS = 16;

/** Whether there is the heading, or lines of both nodes. */
export function isFollowRaw(head: Head): boolean {
	const indents = new Set<number>();
	for (const line of head.lines) {
		const text = withoutColours(line);
		if (shownAs(text) === "raw") return true;
		const indent = hexLine(text, MIN_DIGITS)?.indent;
		if (indent !== undefined) indents.add(indent);
	}
	return indents.size === 2;
}

/** Reads pieces out of such a text, cut anywhere. */
class FollowRawReader implements Stage<Buffer, Piece> {
	readonly #report: SourceReport;
	readonly #lines = new Lines();
	readonly #damage = new DumpDamage();
	readonly #streams = new FollowedStreams();
	#underHeading = false;
	/** Columns in front of the lines of the first node, by the heading, and else of the first line. */
	#indent: number | undefined;
	/** Whether the last line had a digit without its partner. */
	#odd = false;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(bytes: Buffer): readonly Piece[] {
		const pieces: Piece[] = [];
		for (const line of this.#lines.push(bytes)) this.#take(line, pieces);
		return pieces.length === 0 ? NOTHING : pieces;
	}

	end(): readonly Piece[] {
		const pieces: Piece[] = [];
		for (const line of this.#lines.end()) this.#take(line, pieces);
		if (this.#odd) {
			this.#report.truncated = true;
			this.#report.remarks.push("the text ends in the middle of a byte");
		}
		this.#damage.remark(this.#report, "bytes of the stream are missing there");
		if (this.#streams.count === 0) {
			this.#report.remarks.push("the text holds no bytes of a stream");
		}
		return pieces;
	}

	#take(line: Line, pieces: Piece[]): void {
		const text = mayHaveColours(line.text)
			? withoutColours(line.text)
			: line.text;
		const found = hexLine(text, this.#underHeading ? 2 : MIN_DIGITS);
		if (found === undefined) {
			const as = shownAs(text);
			if (as !== undefined) this.#underHeading = as === "raw";
			if (takeHeading(text, this.#streams)) this.#indent = headingIndent(text);
			if (text.includes("=======")) this.#odd = false;
			return;
		}
		if (this.#odd) this.#damage.note(line.number - 1);
		const { at, indent } = found;
		this.#indent ??= indent;
		const digits = hexRun(text, at, text.length - at);
		const side: Side = indent === this.#indent ? 0 : 1;
		const bytes = Buffer.from(text.slice(at, at + (digits & ~1)), "hex");
		this.#streams.bytes(side, bytes, {}, pieces);
		const rest = text.slice(at + digits).trimEnd();
		this.#odd = rest === "" && digits % 2 === 1;
		if (rest !== "") {
			this.#damage.note(line.number);
			this.#streams.missing(side, (digits % 2) + Math.ceil(rest.length / 2));
		}
	}
}

/** Where the digits of a line start, and the columns in front of them. */
interface HexLine {
	readonly at: number;
	readonly indent: number;
}

/** A line that has nothing but so many digits, or only damage behind many; undefined where it is none. */
function hexLine(text: string, least: number): HexLine | undefined {
	const start = behindQuoting(text);
	const at = behindBlanks(text, start);
	if (isHexLine(text, at, least)) {
		return { at, indent: indentOf(text, start, at) };
	}
	const behind = behindLineNumber(text, start);
	if (behind === -1) return undefined;
	const next = behindBlanks(text, behind);
	if (!isHexLine(text, next, least)) return undefined;
	return { at: next, indent: indentOf(text, behind, next) };
}

function isHexLine(text: string, at: number, least: number): boolean {
	if (hexByte(text, at) === -1) return false;
	const digits = hexRun(text, at, text.length - at);
	if (digits < least) return false;
	const behind = behindBlanks(text, at + digits);
	if (behind >= text.length) return true;
	// Damage in the middle of a line leaves digits, too.
	return behind === at + digits && digits >= 4 * MIN_DIGITS;
}
