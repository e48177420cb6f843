// The machine formats: an object for each request, or for each record, and for findings that belong to none, as one array
// or one on a line.

import type { BytesSkippedEvent, FcgiEvent } from "../inspect/event.js";
import type { Finding } from "../inspect/finding.js";
import { NOTHING, type Stage } from "../stage.js";
import { recordJson } from "./json-record.js";
import { requestJson } from "./json-request.js";
import { missingJson, skippedPieceJson } from "./json-skipped.js";
import { looseFindingJson } from "./json-text.js";
import type { RenderOptions } from "./options.js";
import { summaryJson } from "./summary.js";

/** One object a line, the last of them the summary. Each output is one line. */
export function ndjson(options: RenderOptions): Stage<FcgiEvent, string> {
	return {
		push(event) {
			const objects = objectsOf(event, options);
			return objects.length === 0
				? NOTHING
				: objects.map((object) => `${object}\n`);
		},
		end: () => [`${summaryJson(options.summary())}\n`],
	};
}

/** One array, written while it grows; a line for each of its objects. */
export function json(options: RenderOptions): Stage<FcgiEvent, string> {
	let empty = true;
	return {
		push(event) {
			return objectsOf(event, options).map((object) => {
				const text = (empty ? "[\n" : ",\n") + object;
				empty = false;
				return text;
			});
		},
		end: () => [empty ? "[]\n" : "\n]\n"],
	};
}

/** Details of connections are not for those who want requests: there may be as many as connections. */
const isTold = ({ detail }: Finding) => !detail;

function isMissing(event: FcgiEvent): event is BytesSkippedEvent {
	return event.kind === "bytesSkipped" && event.reason === "missing";
}

/** The objects of an event: what it is of, or findings that concern nothing that has an object of its own. */
function objectsOf(
	event: FcgiEvent,
	{ records, content }: RenderOptions,
): readonly string[] {
	if (records) {
		switch (event.kind) {
			case "record":
				return [recordJson(event, content)];
			case "skippedPiece":
				return [skippedPieceJson(event, content)];
			default: {
				const findings = event.findings.map(looseFindingJson);
				return isMissing(event) ? [missingJson(event), ...findings] : findings;
			}
		}
	}
	switch (event.kind) {
		case "requestEnded":
			return [requestJson(event.request)];
		case "connectionClosed":
			return event.ofConnection.filter(isTold).map(looseFindingJson);
		default:
			return NOTHING;
	}
}
