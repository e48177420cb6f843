// A followed stream as a hex dump (`tshark -z follow,tcp,hex,0`, Wireshark's "Show data as Hex Dump") becomes pieces: rows
// with an offset in the sender's bytes, those of the second node indented. Each packet starts a row of its own.

import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece, Side } from "../recognition/flow.js";
import { withoutColours } from "../text/colours.js";
import { behindQuoting, isBlank } from "./decoration.js";
import { DumpRow, ROW_LENGTH, readWiresharkRow } from "./dump-row.js";
import { headingIndent, shownAs, takeHeading } from "./follow-heading.js";
import { FollowedStreams } from "./followed-streams.js";
import type { LineForm } from "./line-form.js";
import { throughPieces } from "./packet-text-format.js";

/** A conversation as a hex dump. */
export const followHex: CaptureFormat = {
	name: "follow-hex",
	summary: "followed stream as a hex dump, of Wireshark or tshark",
	recognises: isFollowHex,
	open: (options, report) =>
		throughPieces(new FollowHexForm(), options, report),
};

/** Bytes handed out at once: more than a packet has, and no more than a record. */
const MAX_PIECE = 64 * 1024;
/** Bytes that may be missing where lines are: what is said to lack more is damage of the offset. */
const MAX_MISSING = 16 * 2 ** 20;

/** Columns from the offset to the text: the offset, sixteen bytes, a gap in their middle and gaps around them. */
const TEXT_COLUMN = 8 + 2 + 3 * ROW_LENGTH + 1 + 1;

/** A full row: eight digits of offset, and a gap in the middle of the bytes and of their text. */
const FULL_ROW =
	/^[\s>|]{0,40}(?:\d{1,9}[:\t ]\s{0,8})?[0-9A-Fa-f]{8} {2}(?:[0-9a-f]{2} ){8} (?:[0-9a-f]{2} ){8} [^|].{7} .{1,8}\s*$/;

function isFollowHex(head: Head): boolean {
	return head.lines.some((line) => {
		const text = withoutColours(line);
		return shownAs(text) === "hex" || FULL_ROW.test(text);
	});
}

/** Makes pieces of the lines of such a text. */
class FollowHexForm implements LineForm<Piece> {
	readonly #row = new DumpRow();
	readonly #streams = new FollowedStreams();
	/** Columns in front of the rows of the first node, by the heading, and else of the first row. */
	#indent: number | undefined;
	/** Bytes that each node has sent. */
	#lengths: [number, number] = [0, 0];
	#side: Side = 0;
	#bytes = Buffer.allocUnsafe(MAX_PIECE);
	#length = 0;
	#lastRow = "";

	take(text: string, line: number, pieces: Piece[]): void {
		if (readWiresharkRow(text, this.#row) && this.#row.digits === 8) {
			this.#takeRow(line, pieces);
			this.#lastRow = text;
			return;
		}
		if (isBlank(text, behindQuoting(text))) return;
		this.#lastRow = "";
		this.#handOut(pieces);
		if (takeHeading(text, this.#streams)) {
			this.#lengths = [0, 0];
			this.#indent = headingIndent(text);
		}
	}

	finish(pieces: Piece[]): string | undefined {
		this.#handOut(pieces);
		return endsInRow(this.#lastRow, this.#row) ? "a row" : undefined;
	}

	remark(report: SourceReport): void {
		this.#streams.remark(report);
	}

	#takeRow(line: number, pieces: Piece[]): void {
		const row = this.#row;
		this.#indent ??= row.indent;
		const side = row.indent === this.#indent ? 0 : 1;
		if (side !== this.#side) this.#handOut(pieces);
		this.#side = side;
		const expected = this.#lengths[side];
		if (row.offset === 0 && expected > 0) {
			this.#handOut(pieces);
			this.#streams.next();
			this.#lengths = [0, 0];
		} else if (row.offset !== expected) {
			this.#streams.damaged(line);
			this.#handOut(pieces);
			const missing = row.offset - expected;
			if (missing < 0 || missing > MAX_MISSING) return;
			this.#streams.missing(side, missing);
		} else if (row.damaged) this.#streams.damaged(line);
		this.#lengths[side] = row.offset + row.length;
		row.bytes.copy(this.#bytes, this.#length, 0, row.length);
		this.#length += row.length;
		if (row.length < ROW_LENGTH || this.#length === MAX_PIECE) {
			this.#handOut(pieces);
		}
	}

	#handOut(pieces: Piece[]): void {
		if (this.#length === 0) return;
		const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
		this.#length = 0;
		this.#streams.bytes(this.#side, bytes, {}, pieces);
	}
}

/** Whether a row ends before its text does, of which blanks may have been trimmed: then the row itself may be cut off. */
function endsInRow(line: string, row: DumpRow): boolean {
	if (line === "") return false;
	const shown = Math.max(0, line.length - row.start - TEXT_COLUMN);
	const from = shown > ROW_LENGTH / 2 ? shown - 1 : shown;
	return row.damaged || row.bytes.subarray(from, row.length).some(isNoBlank);
}

function isNoBlank(byte: number): boolean {
	return byte !== 0x20;
}
