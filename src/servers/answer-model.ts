// The shape that all web servers share: a model looks at an application's answer record by record, as the server's source
// does, and says at the end what its HTTP client got and what stands in its log.

import type { Closing } from "../inspect/chunk.js";
import type { FcgiRequest } from "../inspect/request.js";
import type { KeptBytes } from "./kept-bytes.js";

/** A record of the application's, or what a web server takes for one, as far as it came. */
export interface SeenRecord {
	readonly version: number;
	readonly type: number;
	readonly requestId: number;
	readonly contentLength: number;
	readonly paddingLength: number;
	/** Bytes of its header that came: 8, or fewer where the direction ended in it. */
	readonly headerBytes: number;
	/** Content that came; a view. */
	readonly content: Buffer;
	/** True where the direction ended in it. */
	readonly cut: boolean;
	/** False for bytes that no record was made of: of their content, and of what follows them, nothing is known. */
	readonly known: boolean;
	/** Unix seconds. */
	readonly timestamp: number | undefined;
}

/**
 * How an answer ended: by END_REQUEST, by the application closing the connection, by the web server closing it after it had
 * waited in vain, or while nobody need have waited.
 */
export type AnswerEnd = "endRequest" | Closing | "timeout" | "left";

/** What the HTTP client gets, and what the log has of it. */
export interface Verdict {
	readonly status: string;
	readonly remark: string;
	readonly log: readonly string[];
}

/** A web server that reads one answer. */
export interface AnswerModel {
	/** Takes the next record; not asked any more once it is `silent`. */
	see(record: SeenRecord): void;
	/** What it made of the answer; undefined where the bytes do not tell. Asked once, at the end. */
	verdict(end: AnswerEnd): Verdict | undefined;
}

/** A web server that answers can be shown to. */
export interface WebServer {
	readonly name: string;
	/** Whether it has more than one request on a connection at a time. */
	readonly multiplexes: boolean;
	create(request: FcgiRequest, kept: KeptBytes): AnswerModel;
}

/** The record types that web servers look at (specification, section 8). */
export const END_REQUEST = 3;
export const STDOUT = 6;
export const STDERR = 7;

/** The remark of an answer that a web server gave up waiting for. */
export const AFTER_TIMEOUT = "after its read timeout";

/** Whether a request asks for the head only, so that a body that breaks off is nobody's loss. */
export function asksForHead(request: FcgiRequest): boolean {
	return request.param("REQUEST_METHOD") === "HEAD";
}

/** Parts of a remark, those that are there. */
export function remarkOf(...parts: readonly (string | false)[]): string {
	return parts.filter(Boolean).join(", ");
}
