// A record in the notation of the specification's appendix B (section 3.3 has its rules): {type, requestId, content}.
// What the specification leaves out, version, padding and lengths that lie, follows as overrides where it is not the
// usual, so that `parseNotation` and `encodeRecord` give back exactly the record's bytes.

import {
	decodeBeginRequest,
	decodeEndRequest,
	decodeUnknownType,
	encodeBeginRequest,
	encodeEndRequest,
	encodeUnknownType,
} from "./body.js";
import {
	FCGI_KEEP_CONN,
	FCGI_VERSION_1,
	PROTOCOL_STATUSES,
	ROLES,
	recordType,
} from "./constants.js";
import type { FcgiRecord } from "./record.js";

/**
 * One record as one line, without a line end: `{FCGI_STDIN, 1, "quantity=100"}`. Bodies are written as in the
 * specification, {@link FcgiRecord} bytes that a body does not say (reserved ones) make it a string. Printable ASCII
 * only: everything else in the content is escaped as in C.
 */
export function formatNotation(record: FcgiRecord): string {
	const type = recordType(record.type)?.name ?? record.type;
	const content = formatContent(record);
	const overrides = formatOverrides(record);
	return `{${type}, ${record.requestId}${content}${overrides}}`;
}

/** The content with a comma in front, `formatNotation`'s third part; empty for an ABORT_REQUEST as it should be. */
function formatContent(record: FcgiRecord): string {
	const content = record.contentData;
	switch (record.kind) {
		case "abortRequest":
			// Section 5.4 writes {FCGI_ABORT_REQUEST, R}.
			return content.length === 0 ? "" : `, ${formatString(content)}`;
		case "params":
		case "getValues":
		case "getValuesResult":
			return `, ${formatPairs(content)}`;
		default:
			return `, ${formatBody(record) ?? formatString(content)}`;
	}
}

/** The body in braces, undefined where it does not say every byte of the content. */
function formatBody(record: FcgiRecord): string | undefined {
	const content = record.contentData;
	switch (record.kind) {
		case "beginRequest": {
			const body = decodeBeginRequest(content);
			if (!body || !encodeBeginRequest(body).equals(content)) return undefined;
			const role = nameOf(ROLES, body.role);
			const flags =
				body.flags === FCGI_KEEP_CONN ? "FCGI_KEEP_CONN" : body.flags;
			return `{${role}, ${flags}}`;
		}
		case "endRequest": {
			const body = decodeEndRequest(content);
			if (!body || !encodeEndRequest(body).equals(content)) return undefined;
			const protocolStatus = nameOf(PROTOCOL_STATUSES, body.protocolStatus);
			return `{${body.appStatus}, ${protocolStatus}}`;
		}
		case "unknownType": {
			const body = decodeUnknownType(content);
			if (!body || !encodeUnknownType(body).equals(content)) return undefined;
			return `{${body.type}}`;
		}
		default:
			return undefined;
	}
}

/** The overrides, each with a comma in front; empty for a record that the specification's notation says all of. */
function formatOverrides(record: FcgiRecord): string {
	let overrides = "";
	if (record.version !== FCGI_VERSION_1) {
		overrides += `, version=${record.version}`;
	}
	if (record.contentLength !== record.contentData.length) {
		overrides += `, contentLength=${record.contentLength}`;
	}
	const padding = record.paddingData;
	if (padding.length > 0) {
		const zero = padding.every((byte) => byte === 0);
		overrides += `, padding=${zero ? padding.length : formatString(padding)}`;
	}
	if (record.paddingLength !== padding.length) {
		if (padding.length === 0) overrides += ", padding=0";
		overrides += `, paddingLength=${record.paddingLength}`;
	}
	if (record.reserved !== 0) overrides += `, reserved=${record.reserved}`;
	return overrides;
}

function nameOf(
	table: readonly { readonly number: number; readonly name: string }[],
	number: number,
): string | number {
	return table.find((row) => row.number === number)?.name ?? number;
}

/** Bytes as a string of the notation, line ends and tabs as \n, \r and \t. */
function formatString(bytes: Buffer): string {
	return quote(bytes, TEXT_ESCAPES);
}

/** Bytes of name-value pairs as a string of the notation: all escapes octal, because most of them are lengths. */
function formatPairs(bytes: Buffer): string {
	return quote(bytes, BINARY_ESCAPES);
}

function quote(bytes: Buffer, escapes: readonly string[]): string {
	const text = bytes.toString("latin1");
	return `"${text.replace(ESCAPED, (char) => escapes[char.charCodeAt(0)] as string)}"`;
}

/** Whatever is not printable ASCII, and the two characters that mean something within a string. */
const ESCAPED = /[^ !#-[\]-~]/g;

const BINARY_ESCAPES = Array.from({ length: 256 }, (_, byte) =>
	byte === 0x22 || byte === 0x5c
		? `\\${String.fromCharCode(byte)}`
		: `\\${byte.toString(8).padStart(3, "0")}`,
);

const TEXT_ESCAPES = BINARY_ESCAPES.with(0x0a, "\\n")
	.with(0x0d, "\\r")
	.with(0x09, "\\t");
