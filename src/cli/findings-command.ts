// `findings` as the command line knows it. What it prints is in findings.

import type { Command } from "commander";

/** Adds `findings`. */
export function findingsCommand(program: Command): void {
	program
		.command("findings")
		.summary("list all that can be found wrong or unusual")
		.description(
			"List the findings: severity (E error, W warning, N note), name, and what is\nwrong. explain tells more of one.",
		)
		.option("--json", "a JSON array with all that explain says, for programs")
		.option("--markdown", "as a page: FINDINGS.md")
		.option("--color <when>", "auto, always or never", "auto")
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect findings",
				"  fcgi-inspect findings --json | jq -r '.[].code'",
				"",
			].join("\n"),
		)
		.action(async (options) => {
			const { findings } = await import("./findings.js");
			findings(options);
		});
}
