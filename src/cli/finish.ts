// What is said on stderr when all has been shown, and the exit code that it leaves: remarks, the summary, and findings at
// or above `--fail-on`.

import type { Severity } from "../inspect/finding.js";
import { formatSummary, formatTypes, type Summary } from "../render/summary.js";
import { count, visible } from "../render/words.js";
import { EXIT_FINDINGS } from "./exit-code.js";
import type { OutputOptions } from "./output-options.js";

/** Says what there is to say of what was shown; `name` is what was looked at, fit to be printed. */
export function finish(
	summary: Summary,
	name: string,
	options: Pick<OutputOptions, "summary" | "failOn">,
): void {
	for (const remark of summary.remarks ?? []) {
		say(`fcgi-inspect: ${name}: ${visible(remark)}`);
	}
	if (options.summary) {
		say(formatSummary({ ...summary, remarks: [] }));
		say(formatTypes(summary.types));
	}
	if (options.failOn === undefined) return;
	const found = failedOn(options.failOn, summary);
	if (found !== undefined) say(`fcgi-inspect: ${name}: ${found}`);
}

/** Severities, the worst first. */
const SEVERITIES = ["error", "warning", "note"] as const;

/** Sets the exit code where something at least so severe was found, and returns what was. */
export function failedOn(
	severity: Severity,
	{ findings }: Summary,
): string | undefined {
	const counted = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
	const found = counted.filter((one) => findings[one] > 0);
	if (found.length === 0) return undefined;
	process.exitCode = EXIT_FINDINGS;
	const counts = found.map((one) => count(findings[one], one)).join(", ");
	return `${counts} (--fail-on ${severity})`;
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}
