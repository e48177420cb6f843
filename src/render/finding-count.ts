// How often each finding was made and at which requests: the overview at the end, where one looks first.

import type { Finding, Severity } from "../inspect/finding.js";
import { type LineStyle, wrapped } from "./remark.js";
import { SEVERITY_LETTERS, visible } from "./words.js";

/** Requests and connections that are named of one finding: what fits a line. */
const NAMED = 8;

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

interface Count {
	readonly code: string;
	readonly severity: Severity;
	times: number;
	readonly where: string[];
}

/** Counts findings by severity and code. */
export class FindingCount {
	readonly #counts = new Map<string, Count>();

	/** Takes what was found at an event; details do not count. */
	add(findings: readonly Finding[]): void {
		for (let i = 0; i < findings.length; i++) {
			const finding = findings[i] as Finding;
			if (!finding.detail) this.#add(finding);
		}
	}

	#add({ code, severity, request, connection }: Finding): void {
		const key = `${severity} ${code}`;
		const count = this.#counts.get(key) ?? {
			code,
			severity,
			times: 0,
			where: [],
		};
		this.#counts.set(key, count);
		count.times++;
		if (count.where.length > NAMED) return;
		count.where.push(
			request === undefined ? `connection ${connection}` : `#${request}`,
		);
	}

	/** A line for each, the worst first, below a heading; none where nothing was found. */
	lines(style: LineStyle): string[] {
		const lines = SEVERITIES.flatMap((severity) =>
			[...this.#counts.values()]
				.filter((count) => count.severity === severity)
				.sort((a, b) => b.times - a.times)
				.flatMap((count) => countLines(count, style)),
		);
		if (lines.length === 0) return lines;
		const heading = style.colors.heading("Findings (explain NAME tells more):");
		return [heading, ...lines];
	}
}

function countLines(
	{ code, severity, times, where }: Count,
	style: LineStyle,
): string[] {
	const paint = style.colors[severity];
	const named = where.slice(0, NAMED).join(" ");
	const more = times > NAMED ? `, and ${times - NAMED} more` : "";
	const mark = paint(`${SEVERITY_LETTERS[severity]} `);
	return wrapped(mark, 2, `${visible(code)}  ${named}${more}`, style);
}
