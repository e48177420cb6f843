// What a record says, in one line: the last column of the packet list.

import { protocolStatusName, roleName } from "../fastcgi/constants.js";
import type { NameValue } from "../fastcgi/name-values.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { RecordEvent } from "../inspect/event.js";
import { pairsText } from "./pairs-text.js";
import { unexpectedWords } from "./unexpected.js";
import { firstCharacters } from "./whole-characters.js";
import {
	bytes,
	count,
	SEVERITY_LETTERS,
	shortName,
	visible,
	visibleBytes,
} from "./words.js";

/** Bytes of content shown of a stream's record: enough to know it by. */
const PREVIEW_BYTES = 48;

/** What is wrong with the record, then what it says; content only where it is wanted. */
export function recordInfo(event: RecordEvent, content: boolean): string {
	const { record } = event;
	let info = "";
	for (const { severity, code, detail } of event.findings) {
		if (detail) continue;
		info += `[${SEVERITY_LETTERS[severity]} ${visible(code)}] `;
	}
	if (event.unexpected !== undefined && info === "") {
		info += `[unexpected: ${unexpectedWords(event.unexpected)}] `;
	}
	if (record.missing > 0) {
		info += `[${record.truncated ? "cut off, " : ""}${bytes(record.missing)} missing] `;
	}
	return info + contentInfo(event, content);
}

function contentInfo(event: RecordEvent, content: boolean): string {
	const { record } = event;
	switch (record.kind) {
		case "beginRequest": {
			const { body } = record;
			if (body === undefined) return preview(record, content);
			return `id ${record.requestId}  ${shortName(roleName(body.role))}${body.keepConn ? "  keep-conn" : ""}`;
		}
		case "endRequest": {
			const { body } = record;
			if (body === undefined) return preview(record, content);
			return `${shortName(protocolStatusName(body.protocolStatus))}  appStatus ${body.appStatus}`;
		}
		case "unknownType":
			return record.body === undefined
				? preview(record, content)
				: `type ${record.body.type} is not known to the application`;
		case "getValues":
		case "getValuesResult":
			return record.body === undefined
				? preview(record, content)
				: pairsText(record.body.pairs);
		case "params":
			if (record.contentLength === 0) return "end of stream";
			return `${asked(event.pairs)}${count(event.pairs.length, "pair")}: ${pairsText(event.pairs)}`;
		case "stdin":
		case "data":
		case "stdout":
			return streamInfo(event, preview(record, content));
		case "stderr":
			return streamInfo(
				event,
				content ? visibleBytes(record.contentData).trimEnd() : "",
			);
		default:
			return preview(record, content);
	}
}

function streamInfo(event: RecordEvent, text: string): string {
	const { record, streamOffset } = event;
	if (record.contentLength === 0) return "end of stream";
	return `${streamOffset}-${streamOffset + record.contentLength - 1}  ${text}`;
}

function preview(record: FcgiRecord, content: boolean): string {
	if (!content || record.contentData.length === 0) return "";
	const start = firstCharacters(record.contentData, PREVIEW_BYTES);
	const more = start.length < record.contentData.length ? "…" : "";
	return visibleBytes(start) + more;
}

/** Method and URI, where they are among the pairs: what a reader looks for first. */
function asked(pairs: readonly NameValue[]): string {
	let method = "";
	let uri = "";
	for (const { name, value } of pairs) {
		if (name.equals(REQUEST_METHOD)) method = visibleBytes(value);
		else if (name.equals(REQUEST_URI)) uri = ` ${visibleBytes(value)}`;
	}
	return method + uri === "" ? "" : `${method}${uri}  `;
}

const REQUEST_METHOD = Buffer.from("REQUEST_METHOD");
const REQUEST_URI = Buffer.from("REQUEST_URI");
