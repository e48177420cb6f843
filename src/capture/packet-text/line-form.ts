// What all readers of lines have in common: lines in, colours off, packets or pieces out, and remarks at the end. What a
// line says is for the form of the text to know.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { withoutColours } from "../text/colours.js";
import { type Line, Lines } from "../text/lines.js";

/** Makes packets or pieces of the lines of one form. */
export interface LineForm<Out> {
	/** Takes a line, which has no colours left; `number` is from 1. */
	take(text: string, number: number, made: Out[]): void;
	/** Hands out what is held, as the text has ended: in the middle of what, where it is known to (`a row`). */
	finish(made: Out[]): string | undefined;
	/** Says what is to be said of the whole text. */
	remark(report: SourceReport): void;
}

/** Reads a text of that form, cut anywhere. */
export class LineFormReader<Out> implements Stage<Buffer, Out> {
	readonly #form: LineForm<Out>;
	readonly #report: SourceReport;
	readonly #lines = new Lines();

	/** The report takes the remarks. */
	constructor(form: LineForm<Out>, report: SourceReport) {
		this.#form = form;
		this.#report = report;
	}

	push(bytes: Buffer): readonly Out[] {
		const made: Out[] = [];
		this.#takeAll(this.#lines.push(bytes), made);
		return made.length === 0 ? NOTHING : made;
	}

	end(): readonly Out[] {
		const made: Out[] = [];
		this.#takeAll(this.#lines.end(), made);
		const middle = this.#form.finish(made);
		if (middle !== undefined) {
			this.#report.truncated = true;
			this.#report.remarks.push(`the text ends in the middle of ${middle}`);
		}
		this.#form.remark(this.#report);
		return made;
	}

	#takeAll(lines: readonly Line[], made: Out[]): void {
		for (let i = 0; i < lines.length; i++) {
			const { text, number } = lines[i] as Line;
			this.#form.take(withoutColours(text), number, made);
		}
	}
}
