// Bytes that no record was made of as JSON objects: those that are there, piece by piece, so that nothing of what was said
// is left out, and those that the input does not have.

import type { BytesSkippedEvent, SkippedPieceEvent } from "../inspect/event.js";
import { contentJson, timeField } from "./json-text.js";

/** The object of some of the bytes, without a line end; without `content`, where that is not wanted. */
export function skippedPieceJson(
	event: SkippedPieceEvent,
	content: boolean,
): string {
	const { bytes } = event;
	const shown = content ? `,"content":${contentJson(bytes)}` : "";
	return `${place(event, bytes.length)},"reason":"noRecord"${shown}}`;
}

/** The object of bytes that are missing. */
export function missingJson(event: BytesSkippedEvent): string {
	return `${place(event, event.length)},"reason":"missing"}`;
}

function place(
	event: BytesSkippedEvent | SkippedPieceEvent,
	length: number,
): string {
	return (
		`{"kind":"skipped"` +
		(event.frame === undefined ? "" : `,"frame":${event.frame}`) +
		timeField("time", event.timestamp) +
		`,"connection":${event.connection.number},"from":"${event.from}","offset":${event.offset},"length":${length}`
	);
}
