// What the checks found, as lines: the evidence of each, and, where a code is told for the first time in an output, what it
// means and what to do about it. Details are left out; the machine formats and the tree have them.

import type { Finding } from "../inspect/finding.js";
import { findingLines, type LineStyle, wrapped } from "./remark.js";
import { visible } from "./words.js";

/** Findings with the request or connection that they concern in front, for where no heading says it. */
export function placedFindingLines(
	findings: readonly Finding[],
	style: LineStyle,
): string[] {
	return findings.flatMap((finding) => {
		if (finding.detail) return [];
		const { request, connection } = finding;
		const where =
			request === undefined ? `connection ${connection}` : `#${request}`;
		const message = `${where}: ${finding.message}`;
		return findingLines({ ...finding, message }, style);
	});
}

/** Tells findings, and explains each code once. */
export class FindingLines {
	readonly #style: LineStyle;
	readonly #explained = new Set<string>();

	constructor(style: LineStyle) {
		this.#style = style;
	}

	/** The lines of some findings; none for details. */
	of(findings: readonly Finding[]): string[] {
		const lines: string[] = [];
		for (const finding of findings) {
			if (finding.detail) continue;
			lines.push(...findingLines(finding, this.#style));
			if (this.#explained.has(finding.code)) continue;
			this.#explained.add(finding.code);
			lines.push(...this.#explain(finding));
		}
		return lines;
	}

	/** That findings were found again, as their request or connection has ended. */
	repeated(findings: readonly Finding[], where: string): string[] {
		return findings.flatMap((finding) =>
			finding.detail || finding.count === 1
				? []
				: findingLines(
						{
							...finding,
							message: `found ${finding.count} times ${where}${finding.record === undefined ? "" : `, at record ${finding.record} first`}`,
						},
						this.#style,
					),
		);
	}

	#explain({ diagnosis, remedies }: Finding): string[] {
		const { colors } = this.#style;
		const style = { ...this.#style, paint: colors.dim };
		const mark = colors.dim("*     ");
		return [diagnosis, ...remedies.map((remedy) => `try ${remedy}`)].flatMap(
			(text) => wrapped(mark, 6, visible(text), style),
		);
	}
}
