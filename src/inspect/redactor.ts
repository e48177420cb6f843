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
	/** Says that bytes of a direction, in front of the next record, are missing or no records. */
	lose(from: Peer): void;
}
