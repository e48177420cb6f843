// `decode` as the command line knows it: names and help. What it does is in decode.

import { type Command, InvalidArgumentError } from "commander";
import { addOutputOptions, FORMATS_HELP } from "./output-options.js";

/** Adds `decode`. */
export function decodeCommand(program: Command): void {
	const command = program
		.command("decode")
		.summary("decode a capture, a dump or a log into records and requests")
		.description(
			"Decode the FastCGI in a capture, a text dump, a log of system calls or raw\nbytes: every record typed, every request told.",
		)
		.argument(
			"[file]",
			"a capture, a text dump, a log or raw bytes; - or nothing is stdin",
		)
		.option(
			"--port <number>",
			"treat this TCP port as FastCGI, recognised or not (repeatable)",
			collectPort,
		)
		.option(
			"--input-format <name>",
			"read the input as this form, whatever it looks like (see: formats)",
		)
		.option(
			"--skip <bytes>",
			"in captures of a user-defined link type: length of the header",
			headerLength,
		);
	addOutputOptions(command)
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect decode capture.pcap",
				"  fcgi-inspect decode -V --color=always capture.pcapng | less -R",
				"  fcgi-inspect decode -T findings fpm.strace",
				"  tcpdump -i lo -U -w - port 9000 | fcgi-inspect decode -",
				"",
			].join("\n"),
		)
		.addHelpText("after", () => `${FORMATS_HELP}\n${EXIT_CODES_HELP}`)
		.action(async (file, options) => {
			if (file === undefined && process.stdin.isTTY) {
				command.outputHelp();
				return;
			}
			const { decode } = await import("./decode.js");
			await decode(file ?? "-", options);
		});
}

/** Adds a port to those that were named. */
export function collectPort(text: string, ports: number[] = []): number[] {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (port < 1 || port > 65535) {
		throw new InvalidArgumentError("A port is a number from 1 to 65535.");
	}
	ports.push(port);
	return ports;
}

/** The length of a link type's header. */
export function headerLength(text: string): number {
	if (/^\d{1,5}$/.test(text)) return Number(text);
	throw new InvalidArgumentError("A header has 0 to 99999 bytes.");
}

const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  findings at or above --fail-on
  2  bad option
  3  input unreadable or without FastCGI, or output unwritable`;
