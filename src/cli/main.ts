// The command line: one door to commander, one line a command, and the only place where errors become exit codes. A
// command's own modules are loaded when it runs, so that the rest starts fast.

import { existsSync, readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { FcgiInspectError } from "../errors.js";
import { decodeCommand } from "./decode-command.js";
import { EXIT_UNWRITABLE, EXIT_USAGE, exitCodeOf } from "./exit-code.js";
import { explainCommand } from "./explain-command.js";
import { findingsCommand } from "./findings-command.js";
import { formatsCommand } from "./formats-command.js";
import { wasInterrupted } from "./interrupt.js";
import { sendCommand } from "./send/send-command.js";
import { tapCommand } from "./tap/tap-command.js";

const COMMANDS: readonly ((program: Command) => void)[] = [
	decodeCommand,
	tapCommand,
	sendCommand,
	explainCommand,
	findingsCommand,
	formatsCommand,
];

/** What commander says of a mistake. */
let mistake = "";

const program = new Command("fcgi-inspect")
	.description("Protocol analyser and debugger for FastCGI.")
	.version(packageVersion(), "-v, --version", "print the version")
	// Behind a command, -v is the command's.
	.enablePositionalOptions()
	.helpOption("-h, --help", "print help")
	.helpCommand("help [command]", "print help for a command")
	.addHelpText("before", () =>
		[
			"Examples:",
			"  fcgi-inspect decode capture.pcap",
			"  tcpdump -i lo -U -w - port 9000 | fcgi-inspect decode -",
			'  fcgi-inspect explain "upstream sent too big header"',
			"",
		].join("\n"),
	)
	.exitOverride()
	.configureOutput({
		outputError: (text) => {
			mistake = text
				.trim()
				.replace(/^error: /, "")
				.replaceAll("\n", " ");
		},
	});
for (const define of COMMANDS) define(program);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	// A reader that went away (`| head`) has what it wanted.
	if (error.code === "EPIPE") process.exit(0);
	say(`cannot write the output: ${error.message}`);
	process.exit(EXIT_UNWRITABLE);
});
// Nobody reads the messages; the exit code says as much.
process.stderr.on("error", () => undefined);

try {
	if (process.argv.length <= 2) program.outputHelp();
	else {
		refuseBareFile(process.argv[2] as string);
		await program.parseAsync(withoutSwallowing(process.argv));
	}
} catch (error) {
	if (error instanceof CommanderError) {
		if (error.exitCode !== 0) {
			await sayVisibly(mistake);
			process.exitCode = EXIT_USAGE;
		}
	} else if (error instanceof FcgiInspectError) {
		await sayVisibly(error.message, error.code === "notation");
		process.exitCode = exitCodeOf(error.code);
		// An input that was opened may be waited for, and would keep the process alive.
		process.exit();
	} else {
		throw error;
	}
}
if (wasInterrupted()) process.exit();

/** Prints a message in which something typed may stand: no escape sequence of it may reach the terminal. */
async function sayVisibly(message: string, inLines = false): Promise<void> {
	const { visible } = await import("../render/words.js");
	// What has nothing to escape may have been escaped before.
	const shown = (line: string) => (/\p{C}/u.test(line) ? visible(line) : line);
	say(inLines ? message.split("\n").map(shown).join("\n") : shown(message));
}

function say(message: string): void {
	process.stderr.write(`fcgi-inspect: ${message}\n`);
}

function packageVersion(): string {
	const url = new URL("../../package.json", import.meta.url);
	const { version } = JSON.parse(readFileSync(url, "utf8")) as {
		version: string;
	};
	return version;
}

/** Without an equals sign, `--redact` takes no value: what follows is a file. */
function withoutSwallowing(words: readonly string[]): string[] {
	const end = words.indexOf("--");
	return words.map((word, at) =>
		word === "--redact" && (end === -1 || at < end) ? "--redact=" : word,
	);
}

/** A file where a command should stand is what a user of tcpdump or tshark would type. */
function refuseBareFile(word: string): void {
	if (word.startsWith("-") || !existsSync(word)) return;
	if (program.commands.some((command) => command.name() === word)) return;
	throw new FcgiInspectError(
		"usage",
		`${word} is no command; for the file: fcgi-inspect decode ${word}`,
	);
}
