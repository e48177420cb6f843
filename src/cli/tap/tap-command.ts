// `tap` as the command line knows it: names and help. What it does is in tap.

import { type Command, InvalidArgumentError, Option } from "commander";
import { milliseconds } from "../duration.js";
import { addOutputOptions, FORMATS_HELP } from "../output-options.js";

/** Adds `tap`. */
export function tapCommand(program: Command): void {
	const command = program
		.command("tap")
		.summary("watch a live FastCGI socket, without touching a byte")
		.description(
			"Watch live FastCGI between a web server and an application. Every byte is handed on as it came; a Unix socket is taken in place, and put back at the end.",
		)
		.argument(
			"[address]",
			"where the application listens: /path/to.sock, @abstract, host:port, :9000",
		)
		.argument("[command...]", "the application to start, behind --")
		.addOption(
			new Option(
				"--listen <address>",
				"listen here and hand on to <address>, instead of taking its place",
			).conflicts(["spawn", "inherit", "restore"]),
		)
		.option(
			"--allow-remote",
			"let --listen take an address that other machines reach",
		)
		.option(
			"--mode <octal>",
			"mode of a socket that is made, such as 660 (default: as the application's has, or as the umask says)",
			fileMode,
		)
		.option("--wait", "wait for the socket, where there is none yet")
		.addOption(
			new Option(
				"--restore",
				"only put back what a tap that was killed has left",
			).conflicts(["spawn", "inherit"]),
		)
		.addOption(
			new Option(
				"--spawn",
				"start the application behind -- and listen on <address> for it",
			).conflicts("inherit"),
		)
		.option(
			"--inherit",
			"accept on descriptor 0, as a web server hands it over, for the application behind --",
		)
		.option(
			"--workers <number>",
			"processes to start, on one socket (default: 1)",
			positive,
		)
		.option(
			"--env <name=value>",
			"in the environment of what is started (repeatable)",
			collectVariable,
		)
		.option(
			"--clean-env",
			"start it with no other environment than PATH and --env",
		)
		.option("-c, --count <requests>", "end after so many requests", positive)
		.option(
			"--duration <time>",
			"end after this time, such as 30s or 5m",
			milliseconds,
		)
		.option(
			"--grace <time>",
			"at the end, time for open requests to finish (default: 5s)",
			milliseconds,
		)
		.option(
			"--lossy-view",
			"where the view cannot keep up, leave out of it, and do not slow the traffic",
		)
		.option("-q, --quiet", "print no traffic, only messages");
	addOutputOptions(command)
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect tap /run/php/php-fpm.sock",
				"  fcgi-inspect tap -T requests -w today.pcapng /run/php/php-fpm.sock",
				"  fcgi-inspect tap --listen :9001 :9000",
				"  fcgi-inspect tap /tmp/app.sock --spawn -- ./app.fcgi",
				"",
			].join("\n"),
		)
		.addHelpText("after", () => FORMATS_HELP + SIGNALS_AND_EXIT_CODES)
		.action(async (address, words, options, itself) => {
			if (address === undefined) {
				if (process.argv.length <= 3) return itself.outputHelp();
				itself.error("error: tap takes the address of an application");
			}
			const { tap } = await import("./tap.js");
			await tap(address, words, options);
		});
}

function positive(text: string): number {
	const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
	if (number < 1) throw new InvalidArgumentError("It is a number from 1 on.");
	return number;
}

function fileMode(text: string): number {
	if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
	throw new InvalidArgumentError("A mode is three octal digits, such as 660.");
}

function collectVariable(
	text: string,
	variables: [string, string][] = [],
): [string, string][] {
	const equals = text.indexOf("=");
	if (equals < 1) throw new InvalidArgumentError("A variable is NAME=VALUE.");
	variables.push([text.slice(0, equals), text.slice(equals + 1)]);
	return variables;
}

const SIGNALS_AND_EXIT_CODES = `

Signals:
  Ctrl-C   ends: no new connections, the socket put back, open requests may finish;
           a second one waits for no request any more, a third one for nothing
  SIGUSR1  prints the counters on stderr, and goes on

Exit codes:
  0  done
  1  findings at or above --fail-on
  2  bad option
  3  output unwritable
  4  no such socket, nobody listening, or no permission`;
