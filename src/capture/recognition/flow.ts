// Both directions of a conversation as they were recorded, before anybody knows whether it is FastCGI: pieces of the two
// streams, in order, and what their reader may know of the conversation itself. TCP reassembly makes them, and so do the
// readers of dumps and logs that hold more than one conversation.

import type { Peer } from "../../fastcgi/constants.js";
import type { Chunk, Closing, Connection } from "../../inspect/chunk.js";

/** An end of a conversation: 0 opened it where that is known, and else sent the first bytes that were seen. */
export type Side = 0 | 1;

/**
 * Bytes that one side sent, the next ones of its stream. As soon as it is known what its conversation is, a piece is a
 * chunk as it stands: `connection` and `from` are those of the conversation.
 */
export class Piece implements Chunk {
	constructor(
		readonly flow: Flow,
		readonly side: Side,
		readonly timestamp: number | undefined,
		readonly bytes: Buffer,
		readonly frame: number | undefined,
		readonly missingBefore: number,
		readonly closes: Closing | undefined,
	) {}

	/** Of a recognised conversation only. */
	get connection(): Connection {
		return recognisedOf(this.flow).connection;
	}

	/** Of a recognised conversation only. */
	get from(): Peer {
		const { webServer } = recognisedOf(this.flow);
		return this.side === webServer ? "webServer" : "application";
	}
}

function recognisedOf({ recognised }: Flow): Recognised {
	if (recognised === undefined) throw new Error("nobody knows what it is yet");
	return recognised;
}

/** A conversation, as the reader of its pieces sees it. */
export interface Flow {
	/** Whether side 0 is known to have opened it; a guess otherwise. */
	readonly openerKnown: boolean;
	/** Unix seconds at which it was opened; undefined where that was not seen. */
	readonly openedAt: number | undefined;
	/** Whether bytes are shown when an end has read them, and not when they were sent. */
	readonly inputLags?: boolean;
	/** What is known of where its streams start, by side. */
	readonly streams: readonly [StreamStart, StreamStart];
	/** Whether side 1 answered the opening with a reset, so that nothing could be said. */
	readonly refused?: boolean;
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
