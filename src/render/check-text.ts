// A check in words, for `explain`, for the list of all findings, and for the page of the findings.

import type { Check } from "../inspect/check.js";
import { allRemedies } from "../inspect/remedies.js";
import { quote } from "./json-text.js";
import { type LineStyle, sectionText, wrapped } from "./remark.js";
import { clip } from "./width.js";
import { count, SEVERITY_LETTERS, visible } from "./words.js";

/** What a check looks for, an example, what it means, what to do, and what the logs have of it. */
export function checkText(check: Check, style: LineStyle): string {
	const { code, severity, section, summary, example, diagnosis } = check;
	const { colors } = style;
	const judged = section === undefined ? "" : `, ${sectionText(section)}`;
	const lines = [
		`${colors[severity](colors.strong(code))}  ${severity}${check.detail ? " (shown with the details only)" : ""}${judged}`,
		...wrapped("  ", 2, `${summary}.`, style),
	];
	const add = (label: string, texts: readonly string[]) => {
		texts.forEach((text, i) => {
			const mark = `  ${colors.dim((i === 0 ? label : "").padEnd(LABEL_COLUMNS))}`;
			const [first = "", ...more] = wrapped("", LABEL_COLUMNS + 2, text, style);
			lines.push(mark + first);
			for (const line of more) {
				lines.push(" ".repeat(LABEL_COLUMNS + 2) + line);
			}
		});
	};
	add("seen", [`e.g. ${example}`]);
	add("means", [diagnosis]);
	add("try", allRemedies(check.remedies));
	add("in logs", logLines(check));
	return `${lines.join("\n")}\n`;
}

const LABEL_COLUMNS = 9;

function logLines({ logs = {} }: Check): string[] {
	return Object.entries(logs).flatMap(([server, lines]) =>
		(lines ?? []).map((line) => `${server}: ${line}`),
	);
}

/** Lines of a log that stem from the same findings: how many, the first of them, and the findings. */
export function linesAlikeText(
	{ lines, first, checks }: LinesAlike,
	style: LineStyle,
): string {
	const codes = checks.map(({ code }) => code).join(", ");
	const room = style.columns === undefined ? 160 : style.columns - 6;
	return `${style.colors.strong(count(lines, "line"))}  ${clip(visible(first), room - 12)}\n${wrapped("      ", 6, codes, style).join("\n")}\n`;
}

/** What is told of lines of a log. */
export interface LinesAlike {
	readonly checks: readonly Check[];
	readonly first: string;
	readonly lines: number;
}

/** A line for each check: severity's letter, code, summary. */
export function checkList(checks: readonly Check[], style: LineStyle): string {
	const width = Math.max(...checks.map(({ code }) => code.length));
	return checks
		.map((check) => {
			const letter = style.colors[check.severity](
				SEVERITY_LETTERS[check.severity],
			);
			const mark = `${letter} ${check.code.padEnd(width)}  `;
			return `${wrapped(mark, width + 4, check.summary, style)
				.map((line, i) =>
					i === 0 ? line : " ".repeat(width + 4) + line.slice(mark.length),
				)
				.join("\n")}\n`;
		})
		.join("");
}

/** A check as a JSON object. */
export function checkJson(check: Check): string {
	const { code, severity, section, summary, example, diagnosis } = check;
	return (
		`{"code":${quote(code)},"severity":"${severity}"` +
		(check.detail ? ',"detail":true' : "") +
		(section === undefined ? "" : `,"section":${quote(section)}`) +
		`,"summary":${quote(summary)},"example":${quote(example)},"diagnosis":${quote(diagnosis)}` +
		`,"remedies":${JSON.stringify(check.remedies)},"logs":${JSON.stringify(check.logs ?? {})}}`
	);
}

/** All checks as a page in Markdown: `FINDINGS.md`. */
export function checksPage(checks: readonly Check[]): string {
	const rows = checks.map(
		({ code, severity, detail, summary }) =>
			`| [\`${code}\`](#${code}) | ${detail ? "detail" : severity} | ${text(summary)} |`,
	);
	return [
		"# Findings",
		"",
		"What `fcgi-inspect` finds wrong or unusual, made from its registry of checks by `fcgi-inspect findings --markdown`.",
		"`fcgi-inspect explain CODE` prints an entry, and `explain` with a line of an error log the entries that it may stem from.",
		"In log lines, `…` stands for what differs. The severity is the usual one: evidence can make a finding milder or graver. A",
		"detail is shown in `tree` and JSON only.",
		"",
		"| finding | severity | what |",
		"| --- | --- | --- |",
		...rows,
		"",
		...checks.flatMap(checkSection),
	].join("\n");
}

function checkSection(check: Check): string[] {
	const { code, severity, section, summary, example, diagnosis } = check;
	const judged = section === undefined ? "" : `, ${sectionText(section)}`;
	const lines = [
		`## ${code}`,
		"",
		`${summary} (${check.detail ? "detail" : severity}${judged}).`,
		"",
		`> ${text(example)}`,
		"",
		`${text(diagnosis)}.`,
		"",
	];
	const remedies = allRemedies(check.remedies);
	if (remedies.length > 0) {
		lines.push(
			"What to try:",
			"",
			...remedies.map((one) => `- ${text(one)}`),
			"",
		);
	}
	const logs = logLines(check);
	if (logs.length > 0) {
		lines.push("In logs:", "", ...logs.map((line) => `- \`${line}\``), "");
	}
	return lines;
}

/** What Markdown would take for markup is escaped. */
function text(plain: string): string {
	return plain.replace(/[\\*_<>[\]|`]/g, "\\$&");
}
