// `explain`: what a finding means, or which findings lines of a server's log stem from.

import { Lines } from "../capture/text/lines.js";
import { FcgiInspectError } from "../errors.js";
import { ExplainedLog } from "../expert/explained-log.js";
import { CHECKS } from "../expert/index.js";
import type { Check } from "../inspect/check.js";
import { checkJson, checkText, linesAlikeText } from "../render/check-text.js";
import { count, visible } from "../render/words.js";
import { likelyNames } from "./likely-names.js";
import { stdoutStyle } from "./terminal.js";

/** The options of `explain`. */
export interface ExplainOptions {
	readonly json?: boolean;
	readonly color: string;
}

/** Prints what is known. Throws FcgiInspectError for a finding that there is none of, or a line that tells nothing. */
export async function explain(
	words: readonly string[],
	options: ExplainOptions,
): Promise<void> {
	const style = stdoutStyle(options.color);
	const named = words.map(checkNamed);
	if (named.every((check) => check !== undefined)) {
		print(named, options);
		return;
	}
	const text = words.join(" ");
	if (LIKE_A_NAME.test(text)) throw unknownName(text);
	const log = new ExplainedLog(CHECKS);
	if (text === "-") await readLog(log);
	else for (const line of text.split("\n")) log.add(line);
	const { groups, unknown, firstUnknown } = log;
	if (groups.length === 0) throw nothingKnown(unknown, firstUnknown);
	if (groups.length > 1 && !options.json) {
		for (const group of groups) {
			process.stdout.write(linesAlikeText(group, style));
		}
		if (unknown > 0) {
			const first = visible(shortened(firstUnknown));
			process.stdout.write(
				`${count(unknown, "line")} not known here, the first: ${first}\n`,
			);
		}
		process.stdout.write("\n");
	}
	// Of one line, all that it may stem from; of many, what each kind usually does.
	const few = groups.length === 1;
	print(
		groups.flatMap(({ checks }) => (few ? checks : checks.slice(0, 1))),
		options,
	);
}

/** What is typed like the name of a finding; HAProxy's `SH--` is not. */
const LIKE_A_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)+$/i;

function print(
	checks: readonly Check[],
	{ json, color }: ExplainOptions,
): void {
	const style = stdoutStyle(color);
	const each = [...new Set(checks)];
	process.stdout.write(
		json
			? `[${each.map(checkJson).join(",\n")}]\n`
			: each.map((check) => checkText(check, style)).join("\n"),
	);
}

function checkNamed(name: string): Check | undefined {
	const wanted = name.trim().toLowerCase();
	return CHECKS.find(({ code }) => code === wanted);
}

async function readLog(log: ExplainedLog): Promise<void> {
	const lines = new Lines(MAX_LOG_LINE);
	// Lines are told a byte a character; logs are UTF-8.
	const add = (text: string) => log.add(Buffer.from(text, "latin1").toString());
	for await (const bytes of process.stdin) {
		for (const { text } of lines.push(bytes as Buffer)) add(text);
	}
	for (const { text } of lines.end()) add(text);
}

/** Characters of a line of a log that are looked at; nginx cuts its own at 2,048. */
const MAX_LOG_LINE = 16 * 1024;

function nothingKnown(lines: number, first: string): FcgiInspectError {
	const what =
		lines === 1 ? `"${visible(shortened(first))}"` : count(lines, "line");
	return new FcgiInspectError(
		"unknown-input",
		`no finding is known for ${what}; fcgi-inspect findings lists them all`,
	);
}

function shortened(line: string): string {
	return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}

function unknownName(name: string): FcgiInspectError {
	const names = likelyNames(
		name,
		CHECKS.map(({ code }) => code),
	);
	const hint =
		names.length > 0
			? `; is it ${names.join(", or ")}?`
			: "; fcgi-inspect findings lists them all";
	return new FcgiInspectError("usage", `no finding is called '${name}'${hint}`);
}
