// The registry of output formats: a line for each. A new format is a file beside this one and a line here.

import type { FcgiEvent } from "../inspect/event.js";
import type { Stage } from "../stage.js";
import { findings } from "./findings.js";
import { flow } from "./flow.js";
import { type DumpStyle, hex, withHex } from "./hex.js";
import { json, ndjson } from "./json.js";
import { notation } from "./notation.js";
import {
	completeOptions,
	type OutputFormat,
	type RenderOptions,
} from "./options.js";
import { requests } from "./requests.js";
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
		create: (options) => requests(completeOptions(options)),
	},
	{
		name: "findings",
		summary: "only what is wrong, and how often",
		uses: [],
		create: (options) => findings(completeOptions(options)),
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
		create: (options) => hex(completeOptions(options)),
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
		create: (options) => json(completeOptions(options)),
	},
	{
		name: "ndjson",
		summary: "one object on a line, and a summary on the last",
		uses: ["records", "content"],
		create: (options) => ndjson(completeOptions(options)),
	},
];

/** A text format, to which a hex dump of each record can be added. */
function text(
	create: (options: RenderOptions) => Stage<FcgiEvent, string>,
	given: Partial<RenderOptions> | undefined,
	style: DumpStyle,
): Stage<FcgiEvent, string> {
	const options = completeOptions(given);
	const stage = create(options);
	return options.hex ? withHex(stage, options, style) : stage;
}
