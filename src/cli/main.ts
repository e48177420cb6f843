// The command line: one door to commander, one line a command, and the only place where errors become exit codes. A
// command's own modules are loaded when it runs, so that the rest starts fast.

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { FcgiInspectError } from "../errors.js";
import { decodeCommand } from "./decode-command.js";
import { EXIT_USAGE, exitCodeOf } from "./exit-code.js";

const COMMANDS: readonly ((program: Command) => void)[] = [decodeCommand];

const program = new Command("fcgi-inspect")
	.description("Protocol analyser and debugger for FastCGI.")
	.version(packageVersion(), "-v, --version", "print the version")
	.helpOption("-h, --help", "print help")
	.helpCommand("help [command]", "print help for a command")
	.addHelpText("before", () =>
		[
			"Examples:",
			"  fcgi-inspect decode capture.pcap",
			"  tcpdump -i lo -U -w - port 9000 | fcgi-inspect decode -",
			"  fcgi-inspect decode -T ndjson capture.pcap | jq .params",
			"",
		].join("\n"),
	)
	.exitOverride()
	.configureOutput({ outputError: (text, write) => write(oneLine(text)) });
for (const define of COMMANDS) define(program);

try {
	if (process.argv.length <= 2) program.outputHelp();
	else await program.parseAsync(process.argv);
} catch (error) {
	if (error instanceof CommanderError) {
		process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
	} else if (error instanceof FcgiInspectError) {
		process.stderr.write(`fcgi-inspect: ${error.message}\n`);
		process.exitCode = exitCodeOf(error.code);
	} else {
		throw error;
	}
}

function packageVersion(): string {
	const url = new URL("../../package.json", import.meta.url);
	const { version } = JSON.parse(readFileSync(url, "utf8")) as {
		version: string;
	};
	return version;
}

/** Commander's "error: ..." with its hint on a second line, as one line of ours. */
function oneLine(text: string): string {
	const line = text
		.trim()
		.replace(/^error: /, "")
		.replaceAll("\n", " ");
	return `fcgi-inspect: ${line}\n`;
}
