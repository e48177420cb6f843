// `decode`: a file or stdin, to chunks, to events, to text on stdout.

import { openCapture } from "../capture/open-capture.js";
import { FcgiInspectError } from "../errors.js";
import type { Severity } from "../inspect/finding.js";
import type { InspectorOptions } from "../inspect/inspector.js";
import { OUTPUT_FORMATS, type OutputFormat } from "../render/index.js";
import { formatSummary, formatTypes, type Summary } from "../render/summary.js";
import { count, visible } from "../render/words.js";
import { EXIT_FINDINGS } from "./exit-code.js";
import { type ShowOptions, show } from "./show.js";
import { colorChoice, columnsOf, wantsColor } from "./terminal.js";

/** The options of `decode`, as commander hands them over. */
export interface DecodeOptions {
	readonly format?: string;
	readonly tree?: boolean;
	readonly hex?: boolean;
	readonly records?: boolean;
	readonly content: boolean;
	readonly port?: readonly number[];
	readonly inputFormat?: string;
	readonly skip?: number;
	readonly summary?: boolean;
	readonly findings: boolean;
	readonly failOn?: Severity;
	/** Names besides the usual ones, with commas between; empty where there are none. */
	readonly redact?: string;
	/** A web server's name. */
	readonly as?: string;
	readonly color: string;
}

/** Decodes a file, or stdin for `-`. Throws FcgiInspectError for a bad option, a bad file, or no FastCGI in it. */
export async function decode(
	file: string,
	options: DecodeOptions,
): Promise<void> {
	const format = formatNamed(formatWanted(options));
	refuseUnused(format, options);
	if (options.failOn !== undefined && !options.findings) {
		throw usage("--fail-on needs findings, and not --no-findings");
	}
	const color = colorChoice(options.color);
	const source = await openCapture(file, {
		ports: options.port ?? [],
		...(options.inputFormat === undefined
			? {}
			: { format: options.inputFormat }),
		...(options.skip === undefined ? {} : { skip: options.skip }),
	});
	const summary = await show(source, {
		format,
		render: {
			columns: columnsOf(process.stdout),
			color: wantsColor(color, process.stdout, process.env),
			hex: options.hex ?? false,
			records: options.records ?? false,
			content: options.content,
		},
		inspect: await inspectorOptions(options),
		...(await view(options.as)),
	});
	const name = visible(file === "-" ? "stdin" : file);
	const remarks = (summary.remarks ?? []).map(visible);
	if (summary.connections === 0) {
		const reason = [...remarks, ...whatWasLookedAt(summary)].join("; ");
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
	if (options.failOn !== undefined) failOn(options.failOn, name, summary);
}

/** Severities, the worst first. */
const SEVERITIES = ["error", "warning", "note"] as const;

/** Sets the exit code where something at least so severe was found, and says why. */
function failOn(severity: Severity, name: string, { findings }: Summary): void {
	const counted = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
	const found = counted.filter((one) => findings[one] > 0);
	if (found.length === 0) return;
	const counts = found.map((one) => count(findings[one], one)).join(", ");
	say(`fcgi-inspect: ${name}: ${counts} (--fail-on ${severity})`);
	process.exitCode = EXIT_FINDINGS;
}

/** What to look for and what to replace; rooms that are not asked for are not loaded. */
async function inspectorOptions({
	findings,
	redact,
}: DecodeOptions): Promise<InspectorOptions> {
	const checks = findings ? (await import("../expert/index.js")).CHECKS : [];
	if (redact === undefined) return { checks };
	const { createRedactor } = await import("../redact/index.js");
	const names = redact.split(",").filter((name) => name !== "");
	return { checks, createRedactor: () => createRedactor(names) };
}

/** The view of another web server, where one is asked for. */
async function view(
	server: string | undefined,
): Promise<Pick<ShowOptions, "view">> {
	if (server === undefined) return {};
	const { asServer } = await import("../servers/index.js");
	return { view: asServer(server) };
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

function formatWanted({ format, tree }: DecodeOptions): string {
	if (tree && format !== undefined && format !== "tree") {
		throw usage(`-V is -T tree, and not -T ${format}`);
	}
	return format ?? (tree ? "tree" : "flow");
}

function formatNamed(name: string): OutputFormat {
	const format = OUTPUT_FORMATS.find((candidate) => candidate.name === name);
	if (format !== undefined) return format;
	const names = OUTPUT_FORMATS.map((candidate) => candidate.name).join(", ");
	throw usage(`unknown format '${name}' (one of ${names})`);
}

/** An option that changes nothing was meant to change something. */
function refuseUnused(format: OutputFormat, options: DecodeOptions): void {
	const given = {
		hex: options.hex ? "-x" : undefined,
		records: options.records ? "--records" : undefined,
		content: options.content ? undefined : "--no-content",
	};
	for (const use of ["hex", "records", "content"] as const) {
		const option = given[use];
		if (option === undefined) continue;
		if (use === "content" && isRequestJson(format, options)) {
			throw usage(`${option} is for ${format.name} with --records`);
		}
		if (format.uses.includes(use)) continue;
		const users = OUTPUT_FORMATS.filter(({ uses }) => uses.includes(use));
		const names = users.map(({ name }) => name).join(", ");
		throw usage(`${option} is for ${names}, and not for ${format.name}`);
	}
}

/** Requests in JSON carry no content: only parameters. */
function isRequestJson(format: OutputFormat, options: DecodeOptions): boolean {
	return format.uses.includes("records") && !options.records;
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}

function whatWasLookedAt({ otherConnections, remarks }: Summary): string[] {
	if (otherConnections > 0) {
		const connections = count(otherConnections, "other TCP connection");
		return [`${connections} looked at; --port N takes a port as FastCGI`];
	}
	// A remark says it better, where there is one.
	return remarks?.length ? [] : ["no conversation in it that carries bytes"];
}
