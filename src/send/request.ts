// A request as it is to be sent: its role, its parameters and its streams. How it is cut into records is said apart.

import type { Param } from "./param.js";

/**
 * The bytes of a stream: all of them, or in pieces that are read as they are sent. What is asked for a second time has to
 * begin anew, as a file does; a pipe cannot, so it is sent once.
 */
export type Body = Buffer | AsyncIterable<Buffer>;

/** One request (specification, sections 5 and 6). */
export interface SentRequest {
	/** 1 responder, 2 authorizer, 3 filter; or another number, 0 to 65,535. */
	readonly role: number;
	readonly params: readonly Param[];
	/** FCGI_STDIN; undefined where not even its empty record is sent, as to an authorizer (section 6.3). */
	readonly stdin: Body | undefined;
	/** FCGI_DATA, for a filter (section 6.4); undefined where there is no such stream. */
	readonly data: Body | undefined;
}
