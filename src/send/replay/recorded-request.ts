// A request as a recording has it: the very records that the web server sent, and what the application answered. Bytes stand
// in a store.

import type { AnswerEnding } from "../../inspect/comparison.js";
import type { StoredBytes } from "./stored-bytes.js";

/** A place in the input at which the web server waited: an abort is sent when the application has been at work. */
export interface RecordedPause {
	/** Bytes of the input in front of it. */
	readonly before: number;
	/** Milliseconds; undefined where the recording has no times. */
	readonly milliseconds: number | undefined;
	/** The type of the output that had come by then; undefined where none had. */
	readonly output: number | undefined;
}

/** A recorded answer. */
export interface RecordedAnswer {
	/** STDOUT and STDERR; in front of the first byte that the recording lacks. */
	readonly stdout: StoredBytes;
	readonly stderr: StoredBytes;
	/** Whether they are there to their ends. */
	readonly stdoutWhole: boolean;
	readonly stderrWhole: boolean;
	/** Whether there are bytes in it that are no records. */
	readonly rubbish: boolean;
	readonly ending: AnswerEnding;
	/** Whether the web server gave it up, so that how much came is a matter of time. */
	readonly aborted: boolean;
	/** From END_REQUEST. */
	readonly appStatus: number | undefined;
	readonly protocolStatus: number | undefined;
}

/** A request of a recording. */
export interface RecordedRequest {
	/** As `decode` numbers them: from 1, in the order in which they began. */
	readonly number: number;
	/** The number of its connection. */
	readonly connection: number;
	readonly requestId: number;
	/** Undefined where BEGIN_REQUEST says none. */
	readonly role: number | undefined;
	readonly keepConn: boolean;
	readonly method: string | undefined;
	readonly uri: string | undefined;
	/** Unix seconds. */
	readonly startedAt: number | undefined;
	readonly endedAt: number | undefined;
	/** The records of the web server, every byte of them. */
	readonly input: StoredBytes;
	readonly pauses: readonly RecordedPause[];
	/** Whether its STDIN, and its DATA, has so much as an empty record. */
	readonly hasStdin: boolean;
	readonly hasData: boolean;
	/** Content bytes of the two. */
	readonly stdinBytes: number;
	readonly dataBytes: number;
	/** Whether PARAMS decodes, so that the request can be framed anew. */
	readonly paramsDecode: boolean;
	/** Whether its input was ended. */
	readonly inputEnded: boolean;
	/** Whether values look as if they had been masked. */
	readonly masked: boolean;
	readonly answer: RecordedAnswer;
	/** Why it cannot be sent; undefined where it can. */
	readonly leftOut: string | undefined;
}
