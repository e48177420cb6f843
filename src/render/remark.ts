// Lines that say what the inspector thinks, in all text formats: remarks and findings, broken to the width of a terminal
// and never cut.

import type { Finding } from "../inspect/finding.js";
import { textWidth, wrap } from "./width.js";
import {
	type Palette,
	SEVERITY_LETTERS,
	visible,
	visibleEvidence,
} from "./words.js";

/** How lines are printed. */
export interface LineStyle {
	readonly colors: Palette;
	/** As in `RenderOptions`. */
	readonly columns: number | undefined;
}

/** A remark of the inspector; broken over lines, never cut. */
export function remarkLine(
	text: string,
	tone: "dim" | "note" | "warning" | "error",
	style: LineStyle,
): string {
	const paint = style.colors[tone];
	return wrapped(paint("* "), 2, text, { ...style, paint }).join("\n");
}

/** A finding with its severity's letter, its name and section; broken over lines, never cut. */
export function findingLines(finding: Finding, style: LineStyle): string[] {
	const { code, severity, section, message } = finding;
	const paint = style.colors[severity];
	const mark = paint(`* ${SEVERITY_LETTERS[severity]} `);
	const judgedBy = section === undefined ? "" : `, ${sectionText(section)}`;
	const text = `${visibleEvidence(message)} (${visible(code + judgedBy)})`;
	return wrapped(mark, 4, text, { ...style, paint });
}

/** `section 6.2`, or `RFC 3875 6.3.3` for a document that is not the FastCGI specification. */
export function sectionText(section: string): string {
	return /^\d/.test(section) ? `section ${section}` : section;
}

/** A text behind a mark of `markWidth` columns, broken over as many lines as it needs, each with the mark and, from the second on, indented. */
export function wrapped(
	mark: string,
	markWidth: number,
	text: string,
	style: LineStyle & { readonly paint?: (text: string) => string },
): string[] {
	const { columns, paint } = style;
	const room = columns === undefined ? undefined : columns - markWidth;
	if (room === undefined || textWidth(text) <= room) {
		return [mark + (paint?.(text) ?? text)];
	}
	return wrap(text, room - 2).map((line, i) => {
		const indented = i === 0 ? line : `  ${line}`;
		return mark + (paint?.(indented) ?? indented);
	});
}
