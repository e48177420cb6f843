// The registry of output formats: a line for each. A new format is a file beside this one and a line here.

import { flow } from "./flow.js";
import { hex, withHex } from "./hex.js";
import { json, ndjson } from "./json.js";
import { notation } from "./notation.js";
import type { OutputFormat } from "./options.js";
import { requests } from "./requests.js";
import { table } from "./table.js";
import { tree } from "./tree.js";

export type { OutputFormat, RenderOptions } from "./options.js";
export { formatSummary, type Summary } from "./summary.js";

/** All output formats; the first is the default. */
export const OUTPUT_FORMATS: readonly OutputFormat[] = [
	text("flow", "the conversation: > to the application, < from it", flow),
	text("requests", "a table with a line for each request", requests),
	text("table", "a line for each record, like a packet list", table),
	text("tree", "every field of every record with its bytes", tree),
	{ name: "hex", summary: "offset, hex and ASCII of each record", create: hex },
	text("notation", "the specification's own notation", notation, "# "),
	{ name: "json", summary: "one array of objects", create: json },
	{ name: "ndjson", summary: "one object on a line", create: ndjson },
];

/** A text format, to which a hex dump of each record can be added; `prefix` starts each line of it. */
function text(
	name: string,
	summary: string,
	create: OutputFormat["create"],
	prefix = "",
): OutputFormat {
	return {
		name,
		summary,
		create: (options) =>
			options.hex ? withHex(create(options), options, prefix) : create(options),
	};
}
