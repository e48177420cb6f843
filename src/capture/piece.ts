// What reassembly hands out: pieces of the two streams of a TCP connection, in order, and what their reader may know of
// the connection itself.

import type { Closing, Connection } from "../inspect/chunk.js";
import type { FourTuple } from "./network/four-tuple.js";

/** An end of a connection: 0 opened it where that was seen, and else sent the first packet that was. */
export type Side = 0 | 1;

/** Bytes that one side sent, the next ones of its stream. What `Chunk` is, before anybody knows what the bytes are. */
export interface Piece {
	readonly flow: TcpFlow;
	readonly side: Side;
	/** Unix seconds of the packet that carried the last of the bytes. */
	readonly timestamp: number;
	/** May be empty; a view: copy what you keep. */
	readonly bytes: Buffer;
	/** Number of that packet. */
	readonly frame: number;
	/** Bytes sent just before these that the capture does not have. */
	readonly missingBefore: number;
	readonly closes: Closing | undefined;
}

/** A TCP connection, as the reader of its pieces sees it. */
export interface TcpFlow {
	/** Its ends; side 0 is the source. */
	readonly tuple: FourTuple;
	/** Unix seconds of the first packet of its handshake; undefined where that was not seen: side 0 is a guess. */
	readonly openedAt: number | undefined;
	/** What is known of where its streams start, by side. */
	readonly streams: readonly [StreamStart, StreamStart];
	/** Whether nothing more is to be expected: both sides have ended it, or one has reset it. */
	readonly closed: boolean;
	/** The packet that was its last so far. */
	readonly lastFrame: number;
	/** Unix seconds of that packet. */
	readonly lastTimestamp: number;
	/** Set by the reader, once it has recognised the connection. */
	recognised: Recognised | undefined;
	/** Whether the reader wants no more pieces. */
	readonly left: boolean;
	/** Says that no more pieces are wanted. */
	leave(): void;
}

/** Where a stream starts, as far as it was seen. */
export interface StreamStart {
	/** Whether anything is known of its sequence numbers. */
	readonly started: boolean;
	/** Whether the first of its pieces is its first byte, or has what is missing before it counted. */
	readonly startKnown: boolean;
}

/** What a connection was recognised as. */
export interface Recognised {
	readonly connection: Connection;
	/** The side that is the web server. */
	readonly webServer: Side;
}
