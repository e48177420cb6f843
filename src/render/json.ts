// The machine formats: an object for each request, or for each record, as one array or one on a line.

import type { FcgiEvent } from "../inspect/event.js";
import { NOTHING, type Stage } from "../stage.js";
import { recordJson } from "./json-record.js";
import { requestJson } from "./json-request.js";
import type { RenderOptions } from "./options.js";
import { summaryJson } from "./summary.js";

/** One object a line, the last of them the summary. Each output is one line. */
export function ndjson(options: RenderOptions): Stage<FcgiEvent, string> {
	return {
		push(event) {
			const object = objectOf(event, options);
			return object === undefined ? NOTHING : [`${object}\n`];
		},
		end: () => [`${summaryJson(options.summary())}\n`],
	};
}

/** One array, written while it grows; a line for each of its objects. */
export function json(options: RenderOptions): Stage<FcgiEvent, string> {
	let empty = true;
	return {
		push(event) {
			const object = objectOf(event, options);
			if (object === undefined) return NOTHING;
			const text = (empty ? "[\n" : ",\n") + object;
			empty = false;
			return [text];
		},
		end: () => [empty ? "[]\n" : "\n]\n"],
	};
}

function objectOf(
	event: FcgiEvent,
	options: RenderOptions,
): string | undefined {
	if (options.records) {
		return event.kind === "record"
			? recordJson(event, options.content)
			: undefined;
	}
	return event.kind === "requestEnded" ? requestJson(event.request) : undefined;
}
