// `decode`: a file or stdin, to chunks, to events, to text on stdout.

import { openCapture } from "../capture/open-capture.js";
import { FcgiInspectError } from "../errors.js";
import { OUTPUT_FORMATS, type OutputFormat } from "../render/index.js";
import { formatSummary, formatTypes, type Summary } from "../render/summary.js";
import { count, visible } from "../render/words.js";
import { show } from "./show.js";
import { type ColorChoice, columnsOf, wantsColor } from "./terminal.js";

/** The options of `decode`, as commander hands them over. */
export interface DecodeOptions {
	readonly format?: string;
	readonly tree?: boolean;
	readonly hex?: boolean;
	readonly records?: boolean;
	readonly content: boolean;
	readonly port?: readonly number[];
	readonly summary?: boolean;
	readonly color?: string;
}

/** Decodes a file, or stdin for `-`. Throws FcgiInspectError for a bad option, a bad file, or no FastCGI in it. */
export async function decode(
	file: string,
	options: DecodeOptions,
): Promise<void> {
	const format = formatNamed(
		options.format ?? (options.tree ? "tree" : "flow"),
	);
	const color = colorChoice(options.color ?? "auto");
	const source = await openCapture(file, { ports: options.port ?? [] });
	const summary = await show(source, {
		format,
		render: {
			columns: columnsOf(process.stdout),
			color: wantsColor(color, process.stdout, process.env),
			hex: options.hex ?? false,
			records: options.records ?? false,
			content: options.content,
		},
	});
	const name = visible(file === "-" ? "stdin" : file);
	const remarks = (summary.remarks ?? []).map(visible);
	if (summary.connections === 0) {
		const reason = [...remarks, whatWasLookedAt(summary)].join("; ");
		throw new FcgiInspectError(
			"no-fastcgi",
			`${name}: no FastCGI in it (${reason})`,
		);
	}
	for (const remark of remarks) say(`fcgi-inspect: ${name}: ${remark}`);
	if (options.summary) {
		say(formatSummary({ ...summary, remarks: [] }));
		say(formatTypes(summary.types));
	}
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
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

function whatWasLookedAt({ otherConnections }: Summary): string {
	if (otherConnections === 0) return "no TCP connection that carries bytes";
	const connections = count(otherConnections, "other TCP connection");
	return `${connections} looked at; --port N takes a port as FastCGI`;
}
