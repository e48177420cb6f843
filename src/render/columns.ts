// Rows in columns whose widths are fixed beforehand, so that a row can be written as soon as it is known.

import { clip, textWidth } from "./width.js";

/** A column of {@link Columns}. */
export interface Column {
	readonly head: string;
	/** Columns of the terminal, without the space that follows. */
	readonly width: number;
	readonly align: "left" | "right";
}

/** What a cell says, fit to be printed, and how it is coloured. */
export interface Cell {
	readonly text: string;
	readonly paint?: (text: string) => string;
}

/** Spaces between columns. */
const GAP = "  ";

/** A table without borders, written row by row. */
export class Columns {
	readonly #columns: readonly Column[];
	readonly #cutting: boolean;

	/** With `cutting`, what is wider than its column is cut; else the row gets wider. */
	constructor(columns: readonly Column[], cutting: boolean) {
		this.#columns = columns;
		this.#cutting = cutting;
	}

	/** The names of the columns, without a line end. */
	head(): string {
		return this.row(this.#columns.map(({ head }) => ({ text: head })));
	}

	/** One row, without a line end. */
	row(cells: readonly Cell[]): string {
		let line = "";
		for (const [i, { width, align }] of this.#columns.entries()) {
			const { text, paint } = cells[i] ?? { text: "" };
			const fitting = this.#cutting ? clip(text, width) : text;
			const painted = paint === undefined ? fitting : paint(fitting);
			const room = " ".repeat(Math.max(width - textWidth(fitting), 0));
			const cell = align === "left" ? painted + room : room + painted;
			line += i === 0 ? cell : GAP + cell;
		}
		return line.trimEnd();
	}
}
