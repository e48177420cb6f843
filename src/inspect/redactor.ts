// What may replace secrets in records before anything else looks at them. The inspector is given it; the room `redact/`
// has the one there is.

import type { Peer } from "../fastcgi/constants.js";
import type { FcgiRecord } from "../fastcgi/record.js";

/** Replaces the secrets of one connection. */
export interface Redactor {
	/**
	 * The record with each byte of a secret in its content replaced by `*`, lengths and offsets unchanged; the same object
	 * where there is none. The bytes that came in are not written to.
	 */
	redact(record: FcgiRecord, from: Peer): FcgiRecord;
	/**
	 * Of the record redacted last: how many bytes of its content there are in front of those that are covered because nobody
	 * can tell which pair of PARAMS they belong to; undefined where there are none. No pairs are to be read in them.
	 */
	readonly legible: number | undefined;
	/** Says that bytes of a direction, in front of the next record, are missing or no records. */
	lose(from: Peer): void;
}
