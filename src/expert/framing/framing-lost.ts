// Bytes between records, or behind the last, that begin no record: the two ends do not agree on where a record ends
// (section 3.3).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { SkippedCheck } from "../../inspect/check.js";
import type { BytesSkippedEvent } from "../../inspect/event.js";
import type { ConnectionFacts, RecordPlace } from "../../inspect/facts.js";
import { hex, hexByte } from "../evidence.js";
import { counted } from "../words.js";
import { isBodyInOneRecord } from "./body-over-64k-one-record.js";
import { VERSION_LOGS } from "./version-logs.js";

/** Where a record should begin, something else stands. */
export const framingLost: SkippedCheck = {
	code: "framing-lost",
	severity: "error",
	section: "3.3",
	summary: "Where a record should begin, other bytes stand",
	diagnosis:
		"The sender wrote more, or less, than the header of a record says, or two writers share one connection. nginx and Apache take the first such byte for a version and fail the request",
	remedies: {
		any: "make contentLength and paddingLength what is really written, write nothing but records to the connection, and let one thread at a time write a whole record",
	},
	logs: VERSION_LOGS,
	example:
		"record 5, FCGI_STDOUT at offset 0 with 18 + 0 bytes, ends at 26; there 2 bytes (48 69) are no record, and the first is 0x48 where version 1 is expected; resync +2: its content is probably that much longer than its contentLength",
	on: "bytesSkipped",
	look(event, facts) {
		if (event.reason !== "noRecord" || facts.damaged) return undefined;
		const last = facts.last(event.from);
		if (last === undefined) return inFront(event, facts);
		if (isBodyInOneRecord(event, last)) return undefined;
		// In front of bytes that are missing, it is not known what they were the beginning of.
		if (event.until === "missing") return undefined;
		if (event.until === "end" && maybeCutHeader(event)) return undefined;
		const { number, type, offset, contentLength, paddingLength } = last;
		const was = `record ${number}, ${recordTypeName(type)} at offset ${offset} with ${contentLength} + ${paddingLength} bytes, ends at ${event.offset}`;
		return `${was}; there ${rubbish(event)}; ${resync(event, last)}`;
	},
};

/** Bytes in front of the first record. */
function inFront(
	event: BytesSkippedEvent,
	{ connection }: ConnectionFacts,
): string | undefined {
	if (event.until !== "record" || !connection.startSeen) return undefined;
	return `in front of the first record ${rubbish(event)}; resync +${event.length}`;
}

const STAR = 0x2a;

function rubbish({ length, firstBytes }: BytesSkippedEvent): string {
	const dots = length > firstBytes.length ? " .." : "";
	const first = firstBytes[0] as number;
	// Where secrets are replaced, nothing is known of the bytes.
	const covered = firstBytes.every((byte) => byte === STAR);
	const version =
		first === 1 || covered
			? ""
			: `, and the first is ${hexByte(first)} where version 1 is expected`;
	return `${counted(length, "byte")} (${hex(firstBytes)}${dots}) are no record${version}`;
}

/** Where it goes on, and what that tells. */
function resync(
	{ length, firstBytes, until }: BytesSkippedEvent,
	last: RecordPlace,
): string {
	if (last.paddingStart === 1) {
		return `the padding that the record announces starts with 01, as a header does: its ${counted(last.paddingLength, "byte")} were probably not written`;
	}
	if (until !== "record") return "no record header follows";
	const padding =
		length < 8 &&
		(last.contentLength + length) % 8 === 0 &&
		firstBytes.every((byte) => byte === 0);
	return padding
		? `resync +${length}: padding that its paddingLength does not say`
		: `resync +${length}: its content is probably that much longer than its contentLength`;
}

/** Whether it may be the start of a header, of which the end of the input lacks the rest. */
function maybeCutHeader({ length, firstBytes }: BytesSkippedEvent): boolean {
	return length < 8 && firstBytes[0] === 1;
}
