// A table that fits on a screen, such as the one of a summary. The only file that knows cli-table3, which gets
// superlinearly slower with its number of rows and holds them all: not for a row per record or request.

import CliTable3 from "cli-table3";

/** A column of a small table. */
export interface SmallColumn {
	readonly head: string;
	readonly align: "left" | "right";
}

/** The table, without borders and without the last line end. Cells have to be fit to be printed. */
export function smallTable(
	columns: readonly SmallColumn[],
	rows: readonly (readonly string[])[],
): string {
	const table = new CliTable3({
		head: columns.map(({ head }) => head),
		chars: NO_BORDERS,
		style: {
			"padding-left": 2,
			"padding-right": 0,
			head: [],
			border: [],
			compact: true,
		},
		colAligns: columns.map(({ align }) => align),
	});
	for (const row of rows) table.push([...row]);
	return table
		.toString()
		.split("\n")
		.map((line) => line.trimEnd())
		.join("\n");
}

const NO_BORDERS = {
	top: "",
	"top-mid": "",
	"top-left": "",
	"top-right": "",
	bottom: "",
	"bottom-mid": "",
	"bottom-left": "",
	"bottom-right": "",
	left: "",
	"left-mid": "",
	mid: "",
	"mid-mid": "",
	right: "",
	"right-mid": "",
	middle: "",
};
