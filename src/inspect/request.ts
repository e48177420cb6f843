// A request as it is put together from its records. The tracker fills it in while records come; it is settled once
// `requestEnded` was said of it.

import type { Peer, RecordKind } from "../fastcgi/constants.js";
import type { CgiResponse } from "./cgi-response.js";
import type { Closing, Connection } from "./chunk.js";
import type { Finding } from "./finding.js";
import type { Software } from "./software.js";

/** What is known of one stream of a request (specification, section 3.3). */
export interface StreamState {
	/** Content bytes seen, without headers and padding. */
	bytes: number;
	/** Non-empty records seen. */
	records: number;
	/** Whether its empty record, the stream's end, was seen. */
	ended: boolean;
	/** Content bytes that its records announced and that the input does not have. */
	missing: number;
}

/** The five streams that belong to a request. */
export type StreamName = "params" | "stdin" | "data" | "stdout" | "stderr";

/** One parameter, as text. */
export interface Param {
	readonly name: string;
	readonly value: string;
	/** True where name or value is not UTF-8 and was decoded as latin1. */
	readonly latin1: boolean;
}

/** A name-value pair that announces more bytes than PARAMS has. */
export interface UnfinishedPair {
	/** Where it starts: bytes since the start of PARAMS. */
	readonly offset: number;
	/** The announced lengths, in bytes, as far as they are there. */
	readonly nameLength: number | undefined;
	readonly valueLength: number | undefined;
}

/**
 * Where a request stands: `open`; `complete` (END_REQUEST with FCGI_REQUEST_COMPLETE); `rejected` (END_REQUEST with
 * another protocol status); `aborted` (ABORT_REQUEST, then END_REQUEST or the connection's end); `incomplete` (the
 * connection or the input ended first, or its id was begun again).
 */
export type RequestState =
	| "open"
	| "complete"
	| "rejected"
	| "aborted"
	| "incomplete";

/**
 * A request: one application of a role to one set of parameters, from BEGIN_REQUEST to END_REQUEST. It is the object that
 * is filled in while records come: only what an event announces is settled.
 */
export interface FcgiRequest extends Record<StreamName, StreamState> {
	/** From 1, in the order in which requests began. */
	readonly number: number;
	readonly connection: Connection;
	/** The request id, which may serve again once this request has ended (section 3.3). */
	readonly requestId: number;
	/** False where its BEGIN_REQUEST is not in the input: what is known starts in the middle. */
	readonly beginSeen: boolean;
	/** Role number (section 5.1); undefined where BEGIN_REQUEST was not seen or has no proper body. */
	readonly role: number | undefined;
	/** Flags byte of BEGIN_REQUEST (section 5.1). */
	readonly flags: number | undefined;
	/** Which request of its connection it is, from 1, as far as the input shows. */
	readonly onConnection: number;
	/** Seconds for which its connection was idle before it; undefined for the first, and beside another. */
	readonly idleBefore: number | undefined;
	/** Other connections to its application that were kept open, and idle, when it began. */
	readonly idleConnections: number;
	/** Other requests that were open on its connection when it began; 0 where input is shown late, as they may be answered. */
	readonly openBeside: number;
	/** Requests that were open on other connections to its application when it began. */
	readonly openElsewhere: number;
	/** In the order sent, repeated names included. */
	readonly parameters: readonly Param[];
	/** The value of a parameter: the last one where a name is repeated, undefined where there is none. */
	param(name: string): string | undefined;
	/** Whether a name is among the parameters more than once. */
	readonly hasRepeatedNames: boolean;
	/** The pair that PARAMS left unfinished, if it did. */
	readonly unfinishedPair: UnfinishedPair | undefined;
	/** Why parameters are not all there: bytes were missing, the stream does not decode, or a limit was reached. */
	readonly parametersDamaged: "missing" | "malformed" | "too-long" | undefined;
	/** What the CGI head in STDOUT says; undefined until the head is whole (section 6.2). */
	response: CgiResponse | undefined;
	/** What came of STDOUT so far, while the response's head is not whole: a view, empty before and after. */
	readonly unfinishedHead: Buffer;
	/** Non-empty STDOUT records that the response's head took; 0 until it is whole. */
	headRecords: number;
	/** How STDOUT records were padded; undefined as long as none needed it. */
	readonly padding: "none" | "aligned" | "misaligned" | "mixed" | undefined;
	/** The first bytes of the response's body, at most 64: enough to see what it is. */
	readonly bodyStart: Buffer;
	/** Text of STDERR, as UTF-8, up to a limit. */
	readonly stderrText: string;
	/** STDERR bytes beyond that limit. */
	readonly stderrOmitted: number;
	state: RequestState;
	/** Whether an ABORT_REQUEST was seen (section 5.4). */
	abortSeen: boolean;
	/** From END_REQUEST (section 5.5); undefined without one. */
	appStatus: number | undefined;
	protocolStatus: number | undefined;
	/** All records of the request, empty ones included. */
	records: number;
	/** True where bytes of its connection were missing or skipped while it was open: records of it may be unseen. */
	damaged: boolean;
	/** True where bytes of it were missing from the input: where it is only damaged, there were bytes that are no records. */
	bytesMissing: boolean;
	/** Unix seconds of the first byte of BEGIN_REQUEST, or of the first record seen. */
	startedAt: number | undefined;
	/** Unix seconds of the record that ended the last input stream of the role. */
	inputEndedAt: number | undefined;
	/** Unix seconds of the first STDOUT or STDERR content. */
	firstByteAt: number | undefined;
	/** Unix seconds of the last STDOUT or STDERR content. */
	lastOutputAt: number | undefined;
	/** In how many bursts STDOUT and STDERR came: one, and one more for each pause of {@link PAUSE} in them. */
	bursts: number;
	/** The longest time, in seconds, in which neither end said anything, until the web server left; undefined where there are no times. */
	longestGap: number | undefined;
	/** What ended it: a record, or the end of the connection. */
	longestGapBefore: RecordKind | "closing" | undefined;
	/** Unix seconds of the last record that was seen of it. */
	lastRecordAt: number | undefined;
	/** Unix seconds of END_REQUEST, or of the connection's end where that came first. */
	endedAt: number | undefined;
	/** Who ended the connection, or its side of it, before END_REQUEST came, and how; undefined where nobody did. */
	closedBy: Peer | undefined;
	closing: Closing | undefined;
	/** Unix seconds of that. */
	closedAt: number | undefined;
	/** Seconds between the record that was its last until then, of either end, and that. */
	quietBeforeClose: number | undefined;
	/** What is probably at the two ends; undefined as long as nothing tells. */
	webServerSoftware: Software | undefined;
	applicationSoftware: Software | undefined;
	/** What another web server would have made of it; only where somebody asked. */
	serverAnswer: ServerAnswer | undefined;
	readonly findings: Finding[];
}

/** What a web server makes of an application's answer. */
export interface ServerAnswer {
	/** Such as `nginx`. */
	readonly server: string;
	/** The status that the HTTP client gets, or what it gets instead, such as `no response`. */
	readonly status: string;
	/** What is odd about it, such as `cut` or `empty body`; empty where nothing is. */
	readonly remark: string;
	/** The lines that it writes to its log, without time, process and client. */
	readonly log: readonly string[];
}

/** The shortest time, in seconds, without output that counts as a pause in it: longer than most systems' switching of processes. */
export const PAUSE = 0.02;
