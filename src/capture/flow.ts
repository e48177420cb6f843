// Both directions of a conversation as they were recorded, before anybody knows whether it is FastCGI: pieces of the two
// streams, in order, and what their reader may know of the conversation itself. TCP reassembly makes them, and so do the
// readers of dumps and logs that hold more than one conversation.

import type { Closing, Connection } from "../inspect/chunk.js";

/** An end of a conversation: 0 opened it where that is known, and else sent the first bytes that were seen. */
export type Side = 0 | 1;

/** Bytes that one side sent, the next ones of its stream. What `Chunk` is, before anybody knows what the bytes are. */
export interface Piece {
	readonly flow: Flow;
	readonly side: Side;
	/** Unix seconds at which the last of the bytes were seen; undefined where the input has no times. */
	readonly timestamp: number | undefined;
	/** May be empty; a view: copy what you keep. */
	readonly bytes: Buffer;
	/** Number of the packet that carried the last of the bytes; undefined where there are no packets. */
	readonly frame: number | undefined;
	/** Bytes sent just before these that the input does not have. */
	readonly missingBefore: number;
	readonly closes: Closing | undefined;
}

/** A conversation, as the reader of its pieces sees it. */
export interface Flow {
	/** Whether side 0 is known to have opened it; a guess otherwise. */
	readonly openerKnown: boolean;
	/** Unix seconds at which it was opened; undefined where that was not seen. */
	readonly openedAt: number | undefined;
	/** What is known of where its streams start, by side. */
	readonly streams: readonly [StreamStart, StreamStart];
	/** Whether nothing more is to be expected: both sides have ended it, or one has reset it. */
	readonly closed: boolean;
	/** Set by the reader, once it has recognised the conversation. */
	recognised: Recognised | undefined;
	/** Whether the reader wants no more pieces. */
	readonly left: boolean;
	/** Says that no more pieces are wanted. */
	leave(): void;
	/** An end as people write it, `127.0.0.1:9000` or `/run/php.sock`; undefined where the input does not say. */
	addressOf(side: Side): string | undefined;
	/** The TCP port of an end; undefined where there is none. */
	portOf(side: Side): number | undefined;
}

/** Where a stream starts, as far as it was seen. */
export interface StreamStart {
	/** Whether anything was seen of it. */
	readonly started: boolean;
	/** Whether the first of its pieces is its first byte, or has what is missing before it counted. */
	readonly startKnown: boolean;
}

/** What a conversation was recognised as. */
export interface Recognised {
	readonly connection: Connection;
	/** The side that is the web server. */
	readonly webServer: Side;
}
