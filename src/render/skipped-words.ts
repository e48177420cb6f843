// What is to be said of bytes that no record was made of.

import type { BytesSkippedEvent } from "../inspect/event.js";
import { bytes, PEER_NAMES } from "./words.js";

/** One sentence: how many, whose, where, why, and how they start. */
export function skippedWords(event: BytesSkippedEvent): string {
	const where = `from ${PEER_NAMES[event.from]} at offset ${event.offset}`;
	if (event.reason === "missing") {
		return `${bytes(event.length)} ${where} missing from the input`;
	}
	const start = event.firstBytes.toString("hex").replace(/..(?=.)/g, "$& ");
	const more = event.length > event.firstBytes.length ? " .." : "";
	return `${bytes(event.length)} ${where} skipped, no record starts there: ${start}${more}`;
}
