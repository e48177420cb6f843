// The output options, as they were typed, become what `show` takes; those that contradict one another, or would change
// nothing, are refused.

import { FcgiInspectError } from "../errors.js";
import type { InspectorOptions } from "../inspect/inspector.js";
import { OUTPUT_FORMATS, type OutputFormat } from "../render/index.js";
import { NOTHING } from "../stage.js";
import type { OutputOptions } from "./output-options.js";
import type { ShowOptions } from "./show.js";
import {
	colorChoice,
	columnsOf,
	type OutputStream,
	wantsColor,
} from "./terminal.js";

/** Where it is shown, and how its options are called there. */
interface Shown {
	readonly stream?: OutputStream;
	/** What the command calls `--records`. */
	readonly eachRecord?: string;
}

/** What to show, and how. Rejects with a FcgiInspectError for a bad option. */
export async function showOptions(
	options: OutputOptions,
	{ stream = process.stdout, eachRecord = "--records" }: Shown = {},
): Promise<ShowOptions> {
	const format = formatOf(options, eachRecord);
	if (options.failOn !== undefined && !options.findings) {
		throw usage("--fail-on needs findings, and not --no-findings");
	}
	if (options.link !== undefined && options.write === undefined) {
		throw usage("--link is for the capture that -w writes");
	}
	const color = colorChoice(options.color);
	return {
		format,
		render: {
			columns: columnsOf(stream),
			color: wantsColor(color, stream, process.env),
			hex: options.hex ?? false,
			records: options.records ?? false,
			content: options.content,
		},
		inspect: await inspectorOptions(options),
		...(await view(options.as)),
	};
}

/** Opens the capture that `-w` asks for; `input` is the file that is read. Rejects with a FcgiInspectError. */
export async function sinkOf(
	{ write, link = "fcgi", redact }: OutputOptions,
	...inputs: readonly string[]
): Promise<Pick<ShowOptions, "sink">> {
	if (write === undefined) return {};
	const { CaptureFile } = await import("./capture-file.js");
	const redacted = redact !== undefined;
	return { sink: await CaptureFile.open(write, { link, redacted, inputs }) };
}

function formatOf(options: OutputOptions, eachRecord: string): OutputFormat {
	if (options.write === "-") {
		refuseText(options, eachRecord);
		return NO_TEXT;
	}
	const format = formatNamed(formatWanted(options));
	refuseUnused(format, options, eachRecord);
	return format;
}

/** Shows nothing. */
export const NO_TEXT: OutputFormat = {
	name: "none",
	summary: "nothing",
	uses: [],
	create: () => ({ push: () => NOTHING, end: () => NOTHING }),
};

function refuseText(
	{ format, tree, hex, records, content }: OutputOptions,
	eachRecord: string,
): void {
	const given =
		(format && "-T") ??
		(tree && "-V") ??
		(hex && "-x") ??
		(records && eachRecord) ??
		(content ? undefined : "--no-content");
	if (given) {
		throw usage(`${given} is for text, and with -w - there is none on stdout`);
	}
}

function formatWanted({ format, tree }: OutputOptions): string {
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
function refuseUnused(
	format: OutputFormat,
	options: OutputOptions,
	eachRecord: string,
): void {
	const given = {
		hex: options.hex ? "-x" : undefined,
		records: options.records ? eachRecord : undefined,
		content: options.content ? undefined : "--no-content",
	};
	for (const use of ["hex", "records", "content"] as const) {
		const option = given[use];
		if (option === undefined) continue;
		if (use === "content" && isRequestJson(format, options)) {
			throw usage(`${option} is for ${format.name} with ${eachRecord}`);
		}
		if (format.uses.includes(use)) continue;
		const users = OUTPUT_FORMATS.filter(({ uses }) => uses.includes(use));
		const names = users.map(({ name }) => name).join(", ");
		throw usage(`${option} is for ${names}, and not for ${format.name}`);
	}
}

/** Requests in JSON carry no content: only parameters. */
function isRequestJson(format: OutputFormat, options: OutputOptions): boolean {
	return format.uses.includes("records") && !options.records;
}

/** What to look for and what to replace; rooms that are not asked for are not loaded. */
async function inspectorOptions({
	findings,
	redact,
}: OutputOptions): Promise<InspectorOptions> {
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

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}
