// `decode`: a file or stdin, to chunks, to events, to text on stdout.

import { openCapture } from "../capture/open-capture.js";
import { FcgiInspectError } from "../errors.js";
import { OUTPUT_FORMATS, type OutputFormat } from "../render/index.js";
import { show } from "./show.js";
import { type ColorChoice, columnsOf, wantsColor } from "./terminal.js";

/** The options of `decode`, as commander hands them over. */
export interface DecodeOptions {
	readonly format?: string;
	readonly tree?: boolean;
	readonly hex?: boolean;
	readonly records?: boolean;
	readonly content: boolean;
	readonly port: readonly number[];
	readonly summary?: boolean;
	readonly color?: string;
}

/** Decodes a file, or stdin for `-`. Throws FcgiInspectError for a bad option, a bad file, or no FastCGI in it. */
export async function decode(
	file: string,
	options: DecodeOptions,
): Promise<void> {
	const format = formatNamed(
		options.format ?? (options.tree ? "tree" : options.hex ? "hex" : "flow"),
	);
	const color = colorChoice(options.color ?? "auto");
	const source = await openCapture(file, { ports: options.port });
	const summary = await show(source, {
		format,
		render: {
			columns: columnsOf(process.stdout),
			color: wantsColor(color, process.stdout, process.env),
			hex: options.hex ?? false,
			records: options.records ?? false,
			content: options.content,
		},
		inputName: file === "-" ? "stdin" : file,
		summary: options.summary ?? false,
	});
	if (summary.connections === 0) {
		throw new FcgiInspectError(
			"no-fastcgi",
			noFastcgi(file, summary.otherConnections),
		);
	}
}

function formatNamed(name: string): OutputFormat {
	const format = OUTPUT_FORMATS.find((candidate) => candidate.name === name);
	if (format !== undefined) return format;
	const names = OUTPUT_FORMATS.map((candidate) => candidate.name).join(", ");
	throw new FcgiInspectError(
		"usage",
		`no output format ${name}; there are ${names}`,
	);
}

function colorChoice(text: string): ColorChoice {
	if (text === "auto" || text === "always" || text === "never") return text;
	throw new FcgiInspectError(
		"usage",
		`--color takes auto, always or never, not ${text}`,
	);
}

function noFastcgi(file: string, otherConnections: number): string {
	const looked =
		otherConnections === 0
			? "no TCP connection that carries bytes"
			: `${otherConnections} other TCP connection${otherConnections === 1 ? "" : "s"} looked at; --port N takes a port as FastCGI`;
	return `${file === "-" ? "stdin" : file}: no FastCGI in it (${looked})`;
}
