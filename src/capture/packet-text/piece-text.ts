// What all texts of payloads have in common: lines in, colours off, pieces out, and remarks at the end. What a line says is
// for the form of the text to know.

import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import { join, NOTHING, type Stage } from "../../stage.js";
import type { OpenOptions } from "../format.js";
import type { Piece } from "../recognition/flow.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { type Line, Lines } from "../text/lines.js";
import { withoutColours } from "./decoration.js";

/** Makes pieces of the lines of one form. */
export interface PieceForm {
	/** Takes a line, which has no colours left; `number` is from 1. */
	take(text: string, number: number, pieces: Piece[]): void;
	/** Hands out what is held, as the text has ended: in the middle of what, where it is cut off (`a row`). */
	finish(pieces: Piece[]): string | undefined;
	/** Says what is to be said of the whole text. */
	remark(report: SourceReport): void;
}

/** A stage that makes chunks of a text of that form. */
export function throughPieces(
	form: PieceForm,
	{ ports }: OpenOptions,
	report: SourceReport,
): Stage<Buffer, Chunk> {
	return join(
		new PieceTextReader(form, report),
		new PiecesToChunks(ports, report),
	);
}

/** Reads pieces out of a text, cut anywhere. */
class PieceTextReader implements Stage<Buffer, Piece> {
	readonly #form: PieceForm;
	readonly #report: SourceReport;
	readonly #lines = new Lines();

	/** The report takes the remarks. */
	constructor(form: PieceForm, report: SourceReport) {
		this.#form = form;
		this.#report = report;
	}

	push(bytes: Buffer): readonly Piece[] {
		const pieces: Piece[] = [];
		this.#takeAll(this.#lines.push(bytes), pieces);
		return pieces.length === 0 ? NOTHING : pieces;
	}

	end(): readonly Piece[] {
		const pieces: Piece[] = [];
		this.#takeAll(this.#lines.end(), pieces);
		const middle = this.#form.finish(pieces);
		if (middle !== undefined) {
			this.#report.truncated = true;
			this.#report.remarks.push(`the text ends in the middle of ${middle}`);
		}
		this.#form.remark(this.#report);
		return pieces;
	}

	#takeAll(lines: readonly Line[], pieces: Piece[]): void {
		for (let i = 0; i < lines.length; i++) {
			const { text, number } = lines[i] as Line;
			this.#form.take(withoutColours(text), number, pieces);
		}
	}
}
