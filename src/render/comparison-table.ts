// The table of a replay: a line for each request as its answer has been compared, with what is not the same below it.

import type { Comparison, Outcome } from "../inspect/comparison.js";
import { NOTHING, type Stage } from "../stage.js";
import { type Cell, type Column, Columns } from "./columns.js";
import { comparisonLines, OUTCOME_NAMES } from "./comparison-words.js";
import { type LineStyle, wrapped } from "./remark.js";
import { duration, type Palette, palette, visible } from "./words.js";

/** Columns of the table apart from the URI, with the gaps behind them. */
const FIXED: readonly Column[] = [
	{ head: "#", width: 5, align: "right" },
	{ head: "status", width: 9, align: "right" },
	{ head: "recorded", width: 8, align: "right" },
	{ head: "now", width: 8, align: "right" },
	{ head: "answer", width: 10, align: "left" },
	{ head: "method", width: 6, align: "left" },
];
const FIXED_WIDTH = FIXED.reduce((sum, { width }) => sum + width + 2, 0);
/** Of a narrow terminal, the URI still has so many. */
const LEAST_URI = 12;
/** Where there is no terminal, nothing is cut. */
const USUAL_URI = 40;

const INDENT = "       ";

/** Comparisons into lines, as they come; those that are left out go in front of those behind them. */
export function comparisonTable(options: {
	readonly columns: number | undefined;
	readonly color: boolean;
}): Stage<Comparison, string> {
	const { columns } = options;
	const colors = palette(options.color);
	const uri = {
		head: "URI",
		width:
			columns === undefined
				? USUAL_URI
				: Math.max(columns - FIXED_WIDTH, LEAST_URI),
		align: "left",
	} as const;
	const table = new Columns([...FIXED, uri], columns !== undefined);
	let head = `${colors.strong(table.head())}\n`;
	return {
		push(comparison) {
			const row = table.row(cells(comparison, colors));
			const below = linesBelow(comparison, { colors, columns });
			const text = `${head}${[row, ...below].join("\n")}\n`;
			head = "";
			return [text];
		},
		end: () => NOTHING,
	};
}

function cells(comparison: Comparison, colors: Palette): readonly Cell[] {
	const { request, method, uri, outcome, recorded, replayed } = comparison;
	const paint = paintOf(outcome, colors);
	return [
		{ text: `${request}` },
		{ text: statusText(comparison) },
		{ text: time(recorded.seconds) },
		{ text: time(replayed?.seconds) },
		{
			text: OUTCOME_NAMES[outcome],
			...(paint === undefined ? {} : { paint }),
		},
		{ text: visible(method ?? "-") },
		{ text: visible(uri ?? "-") },
	];
}

/** `200`, or `200 > 500` where it is another. */
function statusText({ recorded, replayed }: Comparison): string {
	const before = `${recorded.status ?? "-"}`;
	const now = `${replayed?.status ?? "-"}`;
	return before === now || replayed === undefined
		? before
		: `${before} > ${now}`;
}

function time(seconds: number | undefined): string {
	return seconds === undefined ? "-" : duration(seconds);
}

function paintOf(outcome: Outcome, colors: Palette) {
	switch (outcome) {
		case "same":
			return colors.good;
		case "different":
		case "failed":
			return colors.error;
		default:
			return colors.warning;
	}
}

function linesBelow(comparison: Comparison, style: LineStyle): string[] {
	if (comparison.outcome === "unrecorded") return [];
	return comparisonLines(comparison).flatMap((line) =>
		wrapped(INDENT, INDENT.length, line, style),
	);
}
