// The registry of output formats: a line for each. A new format is a file beside this one and a line here.

import type { FcgiEvent } from "../inspect/event.js";
import type { Stage } from "../stage.js";
import { flow } from "./flow.js";
import { type DumpStyle, hex, withHex } from "./hex.js";
import { json, ndjson } from "./json.js";
import { notation } from "./notation.js";
import type { OutputFormat, RenderOptions } from "./options.js";
import { requests } from "./requests.js";
import { NO_SUMMARY } from "./summary.js";
import { table } from "./table.js";
import { tree } from "./tree.js";

export type { OutputFormat, RenderOptions } from "./options.js";
export { formatSummary, type Summary } from "./summary.js";

/** All output formats; the first is the default. */
export const OUTPUT_FORMATS: readonly OutputFormat[] = [
	{
		name: "flow",
		summary: "the conversation: > to the application, < from it",
		uses: ["hex"],
		create: (options) => text(flow, options, "heading"),
	},
	{
		name: "requests",
		summary: "a line for each request, when it ends",
		uses: [],
		create: (options) => requests(complete(options)),
	},
	{
		name: "table",
		summary: "a line for each record, like a packet list",
		uses: ["hex", "content"],
		create: (options) => text(table, options, "bare"),
	},
	{
		name: "tree",
		summary: "every field of every record, with its bytes",
		uses: ["hex", "content"],
		create: (options) => text(tree, options, "bare"),
	},
	{
		name: "hex",
		summary: "offset, hex and ASCII of each record",
		uses: ["hex", "content"],
		create: (options) => hex(complete(options)),
	},
	{
		name: "notation",
		summary: "the notation of the FastCGI specification",
		uses: ["hex"],
		create: (options) => text(notation, options, "comment"),
	},
	{
		name: "json",
		summary: "one array of objects, for programs",
		uses: ["records", "content"],
		create: (options) => json(complete(options)),
	},
	{
		name: "ndjson",
		summary: "one object on a line, and a summary on the last",
		uses: ["records", "content"],
		create: (options) => ndjson(complete(options)),
	},
];

/** A text format, to which a hex dump of each record can be added. */
function text(
	create: (options: RenderOptions) => Stage<FcgiEvent, string>,
	given: Partial<RenderOptions> | undefined,
	style: DumpStyle,
): Stage<FcgiEvent, string> {
	const options = complete(given);
	const stage = create(options);
	return options.hex ? withHex(stage, options, style) : stage;
}

function complete(options: Partial<RenderOptions> = {}): RenderOptions {
	return {
		columns: undefined,
		color: false,
		hex: false,
		records: false,
		content: true,
		summary: () => NO_SUMMARY,
		...options,
	};
}
