// `decode` as the command line knows it: names and help. What it does is in decode.

import { type Command, InvalidArgumentError, Option } from "commander";

/** Adds `decode`. */
export function decodeCommand(program: Command): void {
	program
		.command("decode")
		.summary("decode a capture, a dump or a log into records and requests")
		.description(
			"Decode the FastCGI in a capture, a text dump, a log of system calls or raw\nbytes: every record typed, every request told.",
		)
		.argument(
			"[file]",
			"a capture, a text dump, a log or raw bytes; - or nothing is stdin",
		)
		.option("-T, --format <name>", "output format, see below (default: flow)")
		.option("-V, --tree", "every field of every record: -T tree")
		.option("-x, --hex", "add a hex dump of each record")
		.option("--records", "in JSON: an object for each record, not each request")
		.option(
			"--no-content",
			"leave out the content of records (parameters stay)",
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
		)
		.option("--no-findings", "do not look for what is wrong")
		.addOption(
			new Option(
				"--fail-on <severity>",
				"exit with 1 where something at least so severe is found",
			).choices(["error", "warning", "note"]),
		)
		.addOption(
			new Option(
				"--as <server>",
				"what another web server would have made of each answer",
			).choices(["nginx", "apache", "lighttpd", "haproxy"]),
		)
		.option(
			"--redact [names]",
			"replace cookies, passwords, tokens and keys by as many *; --redact=NAME,... adds names",
		)
		.option("--summary", "print a summary on stderr at the end")
		.option("--color <when>", "auto, always or never", "auto")
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
		.addHelpText("after", () => FORMATS_AND_EXIT_CODES)
		.action(async (file, options, command) => {
			if (file === undefined && process.stdin.isTTY) {
				command.outputHelp();
				return;
			}
			const { decode } = await import("./decode.js");
			await decode(file ?? "-", options);
		});
}

function collectPort(text: string, ports: number[] = []): number[] {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (port < 1 || port > 65535) {
		throw new InvalidArgumentError("A port is a number from 1 to 65535.");
	}
	ports.push(port);
	return ports;
}

function headerLength(text: string): number {
	if (/^\d{1,5}$/.test(text)) return Number(text);
	throw new InvalidArgumentError("A header has 0 to 99999 bytes.");
}

/** The formats are in the registry of render/, which is not loaded for help; a test holds the two together. */
const FORMATS_AND_EXIT_CODES = `
Formats:
  flow      the conversation: > to the application, < from it
  requests  a line for each request, when it ends
  findings  only what is wrong, and how often
  table     a line for each record, like a packet list
  tree      every field of every record, with its bytes
  hex       offset, hex and ASCII of each record
  notation  the notation of the FastCGI specification
  json      one array of objects, for programs
  ndjson    one object on a line, and a summary on the last

Exit codes:
  0  done
  1  findings at or above --fail-on
  2  bad option
  3  input unreadable or without FastCGI, or output unwritable`;
