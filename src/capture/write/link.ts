// What the link types that can be written have in common: packets for what was said on connections, in the order in which
// it was said.

import type { Peer } from "../../fastcgi/constants.js";
import type { FcgiRecord } from "../../fastcgi/record.js";
import type { Closing, Connection } from "../../inspect/chunk.js";

/** Who said something, on which connection, and when in microseconds since 1970. */
export interface Said {
	readonly connection: Connection;
	readonly from: Peer;
	readonly time: number;
}

/** Writes packets. Comments go onto the last packet that a call makes. */
export interface Link {
	/** A record, as far as it is there. */
	record(said: Said, record: FcgiRecord, comments: readonly Buffer[]): void;
	/** Bytes that are no record; a view. */
	bytes(said: Said, bytes: Buffer, comments: readonly Buffer[]): void;
	/** Bytes between records that the input does not have. */
	missing(said: Said, length: number, comments: readonly Buffer[]): void;
	/** One end says nothing more. */
	closed(said: Said, closing: Closing, comments: readonly Buffer[]): void;
	/** A packet without bytes, for comments that no other can carry. */
	note(said: Said, comments: readonly Buffer[]): void;
}
