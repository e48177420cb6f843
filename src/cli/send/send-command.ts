// `send` as the command line knows it: names and help. What it does is in send.

import { type Command, InvalidArgumentError, Option } from "commander";
import { FcgiInspectError } from "../../errors.js";
import { milliseconds } from "../duration.js";
import { addOutputOptions, FORMATS_HELP } from "../output-options.js";
import { addReplayOptions, refuseReplayOptions } from "./replay-options.js";

/** Adds `send`. */
export function sendCommand(program: Command): void {
	const command = program
		.command("send")
		.summary("be the web server: send requests, well-formed or crafted")
		.description(
			"Be the web server: send requests to a FastCGI application, and show both directions as one conversation.",
		)
		.option(
			"--to <address>",
			"where the application listens (default: $FCGI_INSPECT_TO, php-fpm's usual sockets, :9000)",
		);
	what(command.optionsGroup("What to send:"));
	addReplayOptions(command.optionsGroup("What to send again:"));
	framing(command.optionsGroup("How to send it:"));
	results(command.optionsGroup("What becomes of it:"));
	addOutputOptions(command.optionsGroup("What is shown:"), "--each-record")
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect send --params env.json --to /run/php/php-fpm.sock",
				"  fcgi-inspect send --url 'http://example.test/index.php?x=1' --root /srv/www -o -",
				"  fcgi-inspect send --ping --fail -q",
				"  fcgi-inspect send --records odd.txt --to :9000 -V",
				"  fcgi-inspect send --replay capture.pcap --request 2,4-6 --to :9001",
				"",
			].join("\n"),
		)
		.addHelpText("after", () => FORMATS_HELP + EXIT_CODES)
		.allowExcessArguments()
		.action(async (options, itself) => {
			refuseArguments(itself.args);
			if (Object.keys(itself.opts()).length === DEFAULTS) {
				itself.outputHelp();
				return;
			}
			if (options.replay !== undefined) {
				const { replay } = await import("./send-replay.js");
				await replay(options);
				return;
			}
			refuseReplayOptions(options);
			const { send } = await import("./send.js");
			await send(options);
		});
}

/** Other tools take a URL or an address as it stands. */
function refuseArguments([first]: readonly string[]): void {
	if (first === undefined) return;
	throw new FcgiInspectError(
		"usage",
		`send takes options only: '${first}' is --url '${first}' if it is the request, --to '${first}' if it is where the application listens`,
	);
}

/** Options that have a value though nobody gave them one: content, findings, color. */
const DEFAULTS = 3;

function what(command: Command): void {
	command
		.option(
			"--params <file>",
			"parameters: a JSON object, or lines of NAME=value (repeatable)",
			collect,
		)
		.option("-P, --param <name=value>", "a parameter (repeatable)", collect)
		.option("--unset <name>", "leave a parameter out (repeatable)", collect)
		.option("--url <url>", "parameters as a web server makes them of a URL")
		.option(
			"--root <folder>",
			"with --url: DOCUMENT_ROOT (default: /var/www/html)",
		)
		.option("--script <file>", "with --url: the script, wherever the URL leads")
		.option("-X, --method <method>", "with --url: the method")
		.option(
			"-H, --header <field>",
			"with --url: a header field, such as 'Accept: text/html' (repeatable)",
			collect,
		)
		.option(
			"--like <server>",
			"parameters and framing of nginx, nginx-snippet, apache, lighttpd, caddy or haproxy",
		)
		.option(
			"-d, --body <data>",
			"STDIN: the text itself, @FILE, or - for stdin; as with curl, a form unless CONTENT_TYPE or -H 'Content-Type: ...' says else",
			once,
		)
		.option(
			"-F, --form <field>",
			"STDIN: a form's field, NAME=VALUE or NAME=@FILE (repeatable)",
			collect,
		)
		.option("--data <file>", "for a filter: the file it works on")
		.option("--exact", "fill in nothing: no CONTENT_LENGTH, no CONTENT_TYPE")
		.option(
			"--records [file]",
			"send the records of a file, or of stdin with -: in the notation, or as decode --records -T ndjson prints them",
		)
		.option("--get-values [names]", "ask for FCGI_GET_VALUES")
		.option("--ping [page]", "ask php-fpm for its ping page (default: /ping)")
		.option(
			"--status [page]",
			"ask php-fpm for its status page (default: /status); -o - prints it",
		);
}

function framing(command: Command): void {
	command
		.option("--role <role>", "responder, authorizer, filter, or a number")
		.option("--id <number>", "request id (default: 1)", whole)
		.option("--keep-conn", "keep the connection, and use it again")
		.option("--padding <how>", "none, align8, 0 to 255, random or random:SEED")
		.option("--record-size <bytes>", "content of a full record", whole)
		.option("--cut-pairs", "cut parameters in the middle, across records")
		.option("--split <bytes>", "write so many bytes at a time", whole)
		.option(
			"--delay <time>",
			"with --split: between two writes (default: 1ms)",
			milliseconds,
		)
		.option(
			"--abort-after <time|records>",
			"send ABORT_REQUEST after a time such as 50ms, or so many records",
		)
		.option(
			"--requests <number>",
			"how many (default: 1); -q leaves their times only",
			positive,
		)
		.option(
			"--connections <number>",
			"on how many connections at a time (default: 1)",
			positive,
		)
		.option(
			"--multiplex <number>",
			"so many at once on each connection, their records in turn",
			positive,
		);
}

function results(command: Command): void {
	command
		.option(
			"-o, --output <file>",
			"write the body of the response; - is stdout, and nothing else is",
		)
		.option("-i, --include", "with -o or -v: the header fields, too")
		.option(
			"-v, --verbose",
			"as curl -v: the conversation on stderr, the body on stdout or where -o says",
		)
		.addOption(
			new Option(
				"--fail",
				"exit with 1 where a request fails, or its HTTP status is 400 or more",
			),
		)
		.option("--dry-run", "send nothing: show what would be sent")
		.option("-q, --quiet", "print no traffic, only messages")
		.option(
			"--timeout <time>",
			"time for a request until its end (default: 30s; --get-values: 2s)",
			milliseconds,
		)
		.option(
			"--connect-timeout <time>",
			"time for a connection (default: 5s)",
			milliseconds,
		);
}

function collect(text: string, all: string[] = []): string[] {
	all.push(text);
	return all;
}

/** Commander would take the last one, and curl would join them. */
function once(text: string, before?: string): string {
	if (before === undefined) return text;
	throw new InvalidArgumentError(
		"There is one body: -d 'a=1&b=2', or --form for each field.",
	);
}

function whole(text: string): number {
	if (/^\d{1,9}$/.test(text)) return Number(text);
	throw new InvalidArgumentError("It is a whole number.");
}

function positive(text: string): number {
	const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
	if (number < 1) throw new InvalidArgumentError("It is a number from 1 on.");
	return number;
}

const EXIT_CODES = `

Exit codes:
  0    done, whatever the application answered
  1    with --fail: no success; with --replay: an answer differs;
       findings at or above --fail-on
  2    bad option, params file or notation
  3    the answer is not FastCGI, the recording unreadable, or output
       unwritable
  4    connection refused, or closed before the end of the answer
  5    timed out
  130  interrupted`;
