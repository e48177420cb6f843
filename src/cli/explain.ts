// `explain`: what a finding means, or which findings a line of a server's log stems from.

import { readFileSync } from "node:fs";
import { FcgiInspectError } from "../errors.js";
import { CHECKS } from "../expert/index.js";
import { checksOfLogLine } from "../expert/log-lines.js";
import type { Check } from "../inspect/check.js";
import { checkJson, checkText } from "../render/check-text.js";
import { count, visible } from "../render/words.js";
import { stdoutStyle } from "./terminal.js";

/** The options of `explain`. */
export interface ExplainOptions {
	readonly json?: boolean;
	readonly color: string;
}

/** Prints what is known. Throws FcgiInspectError for a finding that there is none of, or a line that tells nothing. */
export function explain(
	words: readonly string[],
	options: ExplainOptions,
): void {
	const style = stdoutStyle(options.color);
	const text = words.join(" ");
	const checks = text === "-" ? ofLog(readLog()) : ofText(text);
	process.stdout.write(
		options.json
			? `[${checks.map(checkJson).join(",\n")}]\n`
			: checks.map((check) => checkText(check, style)).join("\n"),
	);
}

/** The finding of that name, or those that a log line stems from. */
function ofText(text: string): readonly Check[] {
	const named = CHECKS.find(({ code }) => code === text.trim());
	if (named !== undefined) return [named];
	if (/^[a-z0-9-]+$/.test(text)) throw unknownCode(text);
	return ofLog(text);
}

/** The findings that the lines of a log stem from, those of most lines first. */
function ofLog(log: string): readonly Check[] {
	const lines = log.split("\n").filter((line) => line.trim() !== "");
	const linesOf = new Map<Check, number>();
	for (const line of lines) {
		for (const { check } of checksOfLogLine(line, CHECKS)) {
			linesOf.set(check, (linesOf.get(check) ?? 0) + 1);
		}
	}
	if (linesOf.size === 0) {
		const what =
			lines.length === 1
				? `"${visible(shortened(lines[0] ?? ""))}"`
				: `${count(lines.length, "line")}`;
		throw new FcgiInspectError(
			"unknown-input",
			`no finding is known for ${what}; fcgi-inspect findings lists them all`,
		);
	}
	return [...linesOf].sort(([, a], [, b]) => b - a).map(([check]) => check);
}

function shortened(line: string): string {
	return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}

/** A name that is none; one that shares a word with it may be meant. */
function unknownCode(text: string): FcgiInspectError {
	const words = text.split("-").filter((word) => word.length > 2);
	const alike = CHECKS.map(({ code }) => code).filter((code) =>
		words.some((word) => code.split("-").includes(word)),
	);
	const hint =
		alike.length > 0
			? `; is it ${alike.slice(0, 4).join(", or ")}?`
			: "; fcgi-inspect findings lists them all";
	return new FcgiInspectError("usage", `no finding is called '${text}'${hint}`);
}

function readLog(): string {
	try {
		return readFileSync(0, "utf8");
	} catch (error) {
		throw new FcgiInspectError(
			"unreadable-input",
			`stdin: ${(error as Error).message}`,
		);
	}
}
