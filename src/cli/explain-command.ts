// `explain` as the command line knows it. What it does is in explain.

import type { Command } from "commander";

/** Adds `explain`. */
export function explainCommand(program: Command): void {
	program
		.command("explain")
		.summary("what a finding, or a line of an error log, means")
		.description(
			"Explain a finding by its name, or find those that a line of the log of nginx,\nApache, lighttpd, HAProxy, Caddy or php-fpm stems from: what was seen, what it\nmeans, what to do.",
		)
		.argument("<text...>", "a finding's name, a line of a log, or - for stdin")
		.option("--json", "a JSON array, for programs")
		.option("--color <when>", "auto, always or never", "auto")
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect explain stdin-shorter-than-content-length",
				'  fcgi-inspect explain "upstream sent too big header while reading response"',
				"  tail -n 50 /var/log/nginx/error.log | fcgi-inspect explain -",
				"",
			].join("\n"),
		)
		.addHelpText(
			"after",
			"\nExit codes:\n  0  explained\n  2  no finding has this name\n  3  no finding is known for this line",
		)
		.action(async (words, options) => {
			const { explain } = await import("./explain.js");
			await explain(words, options);
		});
}
