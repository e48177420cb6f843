// A followed stream as raw hex digits (`tshark -z follow,tcp,raw,0`) becomes pieces: a line for each packet, those of the
// second node indented by a tab.

import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece, Side } from "../recognition/flow.js";
import { withoutColours } from "../text/colours.js";
import { hexByte, hexRun } from "../text/hex-digits.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	indentOf,
} from "./decoration.js";
import { headingIndent, shownAs, takeHeading } from "./follow-heading.js";
import { FollowedStreams } from "./followed-streams.js";
import type { LineForm } from "./line-form.js";
import { throughPieces } from "./packet-text-format.js";

/** A conversation as lines of hex digits. */
export const followRaw: CaptureFormat = {
	name: "follow-raw",
	summary: "followed stream as raw hex digits, of tshark",
	recognises: isFollowRaw,
	open: (options, report) =>
		throughPieces(new FollowRawForm(), options, report),
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

/** Makes pieces of the lines of such a text. */
class FollowRawForm implements LineForm<Piece> {
	readonly #streams = new FollowedStreams();
	#underHeading = false;
	/** Columns in front of the lines of the first node, by the heading, and else of the first line. */
	#indent: number | undefined;
	/** Whether the last line had a digit without its partner. */
	#odd = false;

	take(text: string, line: number, pieces: Piece[]): void {
		const found = hexLine(text, this.#underHeading ? 2 : MIN_DIGITS);
		if (found === undefined) {
			const as = shownAs(text);
			if (as !== undefined) this.#underHeading = as === "raw";
			if (takeHeading(text, this.#streams)) this.#indent = headingIndent(text);
			if (text.includes("=======")) this.#odd = false;
			return;
		}
		if (this.#odd) this.#streams.damaged(line - 1);
		const { at, indent } = found;
		this.#indent ??= indent;
		const digits = hexRun(text, at, text.length - at);
		const side: Side = indent === this.#indent ? 0 : 1;
		const bytes = Buffer.from(text.slice(at, at + (digits & ~1)), "hex");
		this.#streams.bytes(side, bytes, {}, pieces);
		const rest = text.slice(at + digits).trimEnd();
		this.#odd = rest === "" && digits % 2 === 1;
		if (rest !== "") {
			this.#streams.damaged(line);
			this.#streams.missing(side, (digits % 2) + Math.ceil(rest.length / 2));
		}
	}

	finish(): string | undefined {
		return this.#odd ? "a byte" : undefined;
	}

	remark(report: SourceReport): void {
		this.#streams.remark(report);
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
