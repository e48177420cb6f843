// The options that say what is shown and how, the same for every command that shows FastCGI: names and help, without
// what they do, so that help needs nothing else.

import { type Command, Option } from "commander";
import type { LinkName } from "../capture/write/capture-writer.js";
import type { Severity } from "../inspect/finding.js";

/** What commander makes of them. */
export interface OutputOptions {
	readonly format?: string;
	readonly tree?: boolean;
	readonly hex?: boolean;
	readonly records?: boolean;
	readonly content: boolean;
	readonly summary?: boolean;
	readonly findings: boolean;
	readonly failOn?: Severity;
	/** Names besides the usual ones, with commas between; empty where there are none. */
	readonly redact?: string;
	/** A web server's name. */
	readonly as?: string;
	readonly color: string;
	/** A file, or `-`. */
	readonly write?: string;
	readonly link?: LinkName;
}

/** Adds them to a command, and returns it. `eachRecord` is the name of the option for JSON of records. */
export function addOutputOptions(
	command: Command,
	eachRecord = "--records",
): Command {
	return command
		.option("-T, --format <name>", "output format, see below (default: flow)")
		.option("-V, --tree", "every field of every record: -T tree")
		.option("-x, --hex", "add a hex dump of each record")
		.option(eachRecord, "in JSON: an object for each record, not each request")
		.option(
			"--no-content",
			"leave out the content of records (parameters stay)",
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
		.option(
			"-w, --write <file>",
			"write a pcapng capture as well; - is stdout, %p the process",
		)
		.addOption(
			new Option(
				"--link <type>",
				"packets of the capture: records, which Wireshark opens as FastCGI, or TCP/IP (default: fcgi)",
			).choices(["fcgi", "tcp"]),
		);
}

/** The formats are in the registry of render/, which is not loaded for help; a test holds the two together. */
export const FORMATS_HELP = `
Formats:
  flow      the conversation: > to the application, < from it
  requests  a line for each request, when it ends
  findings  only what is wrong, and how often
  table     a line for each record, like a packet list
  tree      every field of every record, with its bytes
  hex       offset, hex and ASCII of each record
  notation  the notation of the FastCGI specification
  json      one array of objects, for programs
  ndjson    one object on a line, and a summary on the last`;
