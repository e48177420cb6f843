// `decode` as the command line knows it: names and help. What it does is in decode.

import { type Command, InvalidArgumentError } from "commander";

/** Adds `decode`. */
export function decodeCommand(program: Command): void {
	program
		.command("decode")
		.summary("decode a capture into records and requests")
		.description(
			"Decode the FastCGI in a capture: every record typed, every request told.",
		)
		.argument("[file]", "a pcap file, or - for stdin")
		.option(
			"-T, --format <name>",
			"flow (default), requests, table, tree, hex, notation, json or ndjson",
		)
		.option("-V, --tree", "every field of every record: the same as -T tree")
		.option("-x, --hex", "add a hex dump of each record to a text format")
		.option(
			"--records",
			"in json and ndjson: objects for records, not requests",
		)
		.option("--no-content", "in json and ndjson: leave out what records carry")
		.option(
			"--port <number>",
			"take this TCP port as FastCGI, recognised or not (repeatable)",
			collectPort,
		)
		.option("--summary", "say on stderr what the input held")
		.option("--color <when>", "auto (default), always or never")
		.addHelpText("before", () =>
			[
				"Examples:",
				"  fcgi-inspect decode capture.pcap",
				"  fcgi-inspect decode -V capture.pcap | less",
				"  tcpdump -i lo -U -w - port 9000 | fcgi-inspect decode -",
				"",
			].join("\n"),
		)
		.action(async (file, options, command) => {
			if (file === undefined && process.stdin.isTTY) {
				command.outputHelp();
				return;
			}
			const { decode } = await import("./decode.js");
			await decode(file ?? "-", options);
		});
}

function collectPort(text: string, ports: readonly number[] = []): number[] {
	const port = Number(text);
	if (!Number.isInteger(port) || port < 1 || port > 65535) {
		throw new InvalidArgumentError("A port is a number from 1 to 65535.");
	}
	return [...ports, port];
}
