// What comparing two answers to one request finds: the recorded one, and the one that a replay got. How they are compared,
// and how that looks, is the business of others.

/** How an answer ended: by END_REQUEST, because the application closed the connection, or in a way that is not known. */
export type AnswerEnding = "ended" | "closed" | "unknown";

/** Something that the two answers do not have in common. */
export type Difference =
	/** Numbers of the CGI head and of END_REQUEST; undefined where there is none. */
	| {
			readonly kind: "status" | "appStatus" | "protocolStatus";
			readonly recorded: number | undefined;
			readonly replayed: number | undefined;
	  }
	/** The values of a header field, or of the lines that are none (`name` is empty); undefined where it is not there. */
	| {
			readonly kind: "header";
			readonly name: string;
			readonly recorded: string | undefined;
			readonly replayed: string | undefined;
	  }
	| StreamDifference
	| {
			readonly kind: "ending";
			readonly recorded: AnswerEnding;
			readonly replayed: AnswerEnding;
	  }
	/** Bytes of the replayed answer that are no records, the first of them. */
	| { readonly kind: "noRecord"; readonly replayed: Buffer };

/** Where two streams part. */
export interface StreamDifference {
	/** `stdout` where one of them has no head, so that all of STDOUT was compared. */
	readonly kind: "body" | "stdout" | "stderr";
	/** Bytes that are the same before it. */
	readonly at: number;
	/** The first bytes from there on; empty where the stream ends there. */
	readonly recorded: Buffer;
	readonly replayed: Buffer;
	/** Bytes in all; undefined where the recording does not have all of them. */
	readonly recordedBytes: number | undefined;
	readonly replayedBytes: number;
}

/** An answer, in a few facts. */
interface AnswerFacts {
	/** HTTP status of the CGI head. */
	readonly status: number | undefined;
	/** Seconds from the first byte of the request to its end; undefined where that is not known. */
	readonly seconds: number | undefined;
}

/**
 * What became of a replayed request: `unrecorded`, where the recording has no answer to compare with; `failed`, where there
 * was no connection, or no end in time; `leftOut`, where the recording does not have all of the request.
 */
export type Outcome =
	| "same"
	| "different"
	| "unrecorded"
	| "failed"
	| "leftOut";

/** One request of a recording, and how its two answers compare. */
export interface Comparison {
	/** The request's number in the recording. */
	readonly request: number;
	readonly method: string | undefined;
	/** Cut where it is very long. */
	readonly uri: string | undefined;
	readonly outcome: Outcome;
	/** Why it failed or was left out, or how far the recording goes; undefined where there is nothing to say. */
	readonly reason: string | undefined;
	readonly recorded: AnswerFacts;
	/** Undefined where it was not sent. */
	readonly replayed: AnswerFacts | undefined;
	/** In the order status, header fields, body, STDERR, end. */
	readonly differences: readonly Difference[];
}
