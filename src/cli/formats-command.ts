// `formats` as the command line knows it. What it prints is in formats.

import type { Command } from "commander";

/** Adds `formats`. */
export function formatsCommand(program: Command): void {
	program
		.command("formats")
		.summary("list the forms of input and of output")
		.description(
			"List what decode reads (--input-format) and prints (--format).",
		)
		.option("--json", "one JSON object, for programs")
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect formats",
				"  fcgi-inspect formats --json | jq -r '.input[].name'",
				"",
			].join("\n"),
		)
		.action(async (options) => {
			const { formats } = await import("./formats.js");
			formats(options);
		});
}
