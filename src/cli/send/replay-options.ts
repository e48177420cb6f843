// The options of `send --replay`: names and help.

import type { Command } from "commander";
import type { CaptureOptions } from "../../capture/open-capture.js";
import { FcgiInspectError } from "../../errors.js";
import { collectPort, headerLength } from "../decode-command.js";

/** What commander makes of them. */
export interface ReplayOptions {
	/** A file, or `-`. */
	readonly replay?: string;
	readonly request?: readonly string[];
	readonly timing?: string;
	readonly ignoreHeader?: readonly string[];
	readonly port?: readonly number[];
	readonly inputFormat?: string;
	readonly skip?: number;
}

/** Adds them to `send`. */
export function addReplayOptions(command: Command): void {
	command
		.option(
			"--replay <file>",
			"send the requests of a recording again, and compare the answers",
		)
		.option(
			"--request <numbers>",
			"with --replay: which, as decode numbers them: 3, 2,4-6, 7- (repeatable)",
			collect,
		)
		.option(
			"--timing <how>",
			"with --replay: none, original, or x2 for twice as fast (default: none)",
		)
		.option(
			"--ignore-header <name>",
			"with --replay: a header field not to compare (repeatable)",
			collect,
		)
		.option(
			"--port <number>",
			"with --replay: as with decode (repeatable)",
			collectPort,
		)
		.option("--input-format <name>", "with --replay: as with decode")
		.option("--skip <bytes>", "with --replay: as with decode", headerLength);
}

const ONLY_WITH_REPLAY = {
	request: "--request",
	timing: "--timing",
	ignoreHeader: "--ignore-header",
	port: "--port",
	inputFormat: "--input-format",
	skip: "--skip",
} as const;

/** Throws FcgiInspectError where one is given, and nothing is replayed. */
export function refuseReplayOptions(options: ReplayOptions): void {
	for (const [name, option] of Object.entries(ONLY_WITH_REPLAY)) {
		if (options[name as keyof typeof ONLY_WITH_REPLAY] === undefined) continue;
		throw new FcgiInspectError("usage", `${option} is for --replay`);
	}
}

/** What opens a recording. */
export function fileArguments({
	port,
	inputFormat,
	skip,
}: ReplayOptions): CaptureOptions {
	return {
		ports: port ?? [],
		...(inputFormat === undefined ? {} : { format: inputFormat }),
		...(skip === undefined ? {} : { skip }),
	};
}

function collect(text: string, all: string[] = []): string[] {
	all.push(text);
	return all;
}
