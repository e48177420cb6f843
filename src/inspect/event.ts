// What looking at chunks produces. An event is said once, in order; what it announces is settled, but the request it
// names may be further on already, because events come in batches.

import type { Peer } from "../fastcgi/constants.js";
import type { NameValue } from "../fastcgi/name-values.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { Closing, Connection } from "./chunk.js";
import type { Finding } from "./finding.js";
import type { Unexpected } from "./lifecycle.js";
import type { FcgiRequest } from "./request.js";
import type { SkippedUntil } from "./skipped-bytes.js";

/** A record was seen. */
export interface RecordEvent {
	readonly kind: "record";
	/** From 1, in the order decoded, over all connections. */
	readonly number: number;
	readonly connection: Connection;
	readonly from: Peer;
	/** Unix seconds of the chunk that completed the record. */
	readonly timestamp: number | undefined;
	/** Number of the packet that completed the record. */
	readonly frame: number | undefined;
	readonly record: FcgiRecord;
	/** The request it belongs to; undefined for management records and for ids that are not active. */
	readonly request: FcgiRequest | undefined;
	/** For a piece of a stream: how many content bytes of the stream came before it. */
	readonly streamOffset: number;
	/** For a PARAMS record: the pairs that end in it. Their offsets count from the start of the stream. */
	readonly pairs: readonly NameValue[];
	/** Why the lifecycle of requests has no place for this record; undefined where it has one. */
	readonly unexpected: Unexpected | undefined;
	/** What was found at this event; what was found before is only counted in the finding. */
	readonly findings: readonly Finding[];
}

/** Bytes of one direction that no record was made of. */
export interface BytesSkippedEvent {
	readonly kind: "bytesSkipped";
	readonly connection: Connection;
	readonly from: Peer;
	readonly timestamp: number | undefined;
	readonly frame: number | undefined;
	/** Where they start: bytes since the start of this direction, as far as that is known. */
	readonly offset: number;
	readonly length: number;
	/** `missing`: the input does not have them. `noRecord`: they are there, and no record header was found in them. */
	readonly reason: "missing" | "noRecord";
	/** The first of the bytes, at most 16; empty where they are missing. */
	readonly firstBytes: Buffer;
	/** What comes behind bytes that are there; undefined where they are missing. */
	readonly until: SkippedUntil | undefined;
	/** As in a {@link RecordEvent}. */
	readonly findings: readonly Finding[];
}

/** Some of the bytes that are there and that no record was made of; the {@link BytesSkippedEvent} of them all follows. */
export interface SkippedPieceEvent {
	readonly kind: "skippedPiece";
	readonly connection: Connection;
	readonly from: Peer;
	readonly timestamp: number | undefined;
	readonly frame: number | undefined;
	/** Where they start: bytes since the start of this direction. */
	readonly offset: number;
	/** At most some thousand; asterisks where secrets are replaced. */
	readonly bytes: Buffer;
	/** None: what is found concerns all of them. */
	readonly findings: readonly Finding[];
}

/** Something about a whole connection. */
export interface ConnectionEvent {
	readonly kind: "connectionOpened" | "connectionClosed";
	readonly connection: Connection;
	readonly timestamp: number | undefined;
	/** For `connectionClosed`: who ended it first, and how; undefined where the input ended before the connection. */
	readonly closedBy: Peer | undefined;
	readonly closing: Closing | undefined;
	/** As in a {@link RecordEvent}. */
	readonly findings: readonly Finding[];
	/** For `connectionClosed`: all that was found on the connection and concerns no single request, counts settled. */
	readonly ofConnection: readonly Finding[];
}

/**
 * A step of a request: it began; its parameters are complete and settled; the response's head is complete and
 * `request.response` settled; it ended and all of it is settled.
 */
export interface RequestEvent {
	readonly kind:
		| "requestBegan"
		| "paramsEnded"
		| "responseHead"
		| "requestEnded";
	readonly connection: Connection;
	readonly timestamp: number | undefined;
	readonly request: FcgiRequest;
	/** As in a {@link RecordEvent}. */
	readonly findings: readonly Finding[];
}

/** What looking at chunks produces. */
export type FcgiEvent =
	| RecordEvent
	| RequestEvent
	| BytesSkippedEvent
	| SkippedPieceEvent
	| ConnectionEvent;
