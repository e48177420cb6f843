// Bytes that went one way on one connection at one time: what every source hands to the inspector.

import type { Peer } from "../fastcgi/constants.js";

/** A connection between a web server and an application. The same object stands in all of its chunks. */
export interface Connection {
	/** From 0, in the order in which connections were recognised as FastCGI. */
	readonly number: number;
	/** Address of the web server's end, such as `127.0.0.1:40000`; absent where the source has no addresses. */
	readonly webServer?: string;
	/** Address of the application's end. */
	readonly application?: string;
	/** When it was opened, in Unix seconds; absent where that was not seen. */
	readonly openedAt?: number;
	/** False where bytes may have passed before the first that was seen: the records have to be searched for. */
	readonly startSeen: boolean;
	/**
	 * True where the web server's bytes are shown when the application read them, which may be long after they were sent,
	 * and after its own answer.
	 */
	readonly inputLags?: boolean;
	/** True where the application's end reset it instead of opening it, so that nothing could be said on it. */
	readonly refused?: boolean;
	/** Where the web server's end is ours: how the system named the refusal, such as `ECONNREFUSED`. */
	readonly connectError?: string;
}

/** How one direction of a connection ended: in order, or by a reset. */
export type Closing = "fin" | "rst";

/** Bytes that went one way on one connection at one time. */
export interface Chunk {
	readonly connection: Connection;
	/** Who sent the bytes. */
	readonly from: Peer;
	/** Unix seconds, exact to about a quarter of a microsecond; undefined where the input has no times. */
	readonly timestamp: number | undefined;
	/** May be empty, where only `missingBefore` or `closes` has something to say. A view: copy what you keep. */
	readonly bytes: Buffer;
	/** Number of the packet that carried the last of the bytes, from 1; undefined where there are no packets. */
	readonly frame: number | undefined;
	/** Bytes of this direction, known to have been sent just before these, that the input does not have. */
	readonly missingBefore: number;
	/** Set where the sender said nothing more after these bytes. */
	readonly closes: Closing | undefined;
}

/** What a source knows beyond its chunks; filled in while it is read, settled at its end. */
export interface SourceReport {
	/** The form of the input, such as `pcap`. */
	format: string;
	/** True where the input ends in the middle of something. */
	truncated: boolean;
	/** What a person should know of the input, a line each. */
	readonly remarks: string[];
	/** Connections that were looked at and left, because they carry no FastCGI. */
	otherConnections: number;
}

/** Where chunks come from: a batch for each read or socket event. */
export interface ChunkSource extends AsyncIterable<readonly Chunk[]> {
	readonly report: SourceReport;
	/** Whether chunks come as they happen, so that the source may have no end of its own. */
	readonly live: boolean;
}
