// An event as a test compares it: what it says, without the objects that are filled in later.

import type { FcgiEvent } from "../../src/inspect/event.js";

/** The event in a few words, with the bytes that it carries. */
export function toldEvent(event: FcgiEvent): unknown {
	switch (event.kind) {
		case "record": {
			const { record } = event;
			return [
				event.connection.number,
				event.from,
				record.offset,
				record.type,
				record.requestId,
				record.contentLength,
				record.paddingLength,
				record.truncated,
				Buffer.from(record.contentData).toString("hex"),
			];
		}
		case "bytesSkipped":
			return [event.from, event.offset, event.length, event.reason];
		default:
			return [event.kind, event.connection.number];
	}
}
