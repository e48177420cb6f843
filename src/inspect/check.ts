// What a check is: a plain object that looks at one thing the inspector says and tells the evidence, or nothing. It has no
// state: what has to be remembered stands on the request, the connection or the application (`facts.ts`).

import type { RecordKind } from "../fastcgi/constants.js";
import type { BytesSkippedEvent, RecordEvent } from "./event.js";
import type { ConnectionFacts } from "./facts.js";
import type { Severity } from "./finding.js";
import type { Unexpected } from "./lifecycle.js";
import type { FcgiRequest } from "./request.js";
import type { SoftwareName } from "./software.js";

/** What a check found: the evidence, with another severity, or other words, where they are not the check's own. */
export type Evidence =
	| string
	| {
			readonly severity?: Severity;
			readonly message: string;
			readonly diagnosis?: string;
			readonly remedies?: Remedies;
			/** As in `Finding`. */
			readonly detail?: boolean;
	  };

/** The words of a check, which are the same wherever it finds something. */
interface CheckWords {
	/** Stable name of what it finds, such as `bad-version`. */
	readonly code: string;
	readonly severity: Severity;
	/** As in `Finding`. */
	readonly section?: string;
	/** What is wrong, in one sentence without an end stop. */
	readonly summary: string;
	/** What it means, in a sentence or two. */
	readonly diagnosis: string;
	/** What to do about it, by the software that has to be changed; `any` is for all. */
	readonly remedies: Remedies;
	/** What the log of each server has of it; `…` stands for what differs. */
	readonly logs?: Readonly<Partial<Record<SoftwareName, readonly string[]>>>;
	/** The evidence of its case in `test/cases`, as an example. */
	readonly example: string;
	/** True for a remark that only a view of the details shows. */
	readonly detail?: true;
	/** Set where it would repeat on each record or request: it is said once for a connection, and counted. */
	readonly once?: "connection";
}

/** A remedy for each software that it is for. */
export type Remedies = Readonly<Partial<Record<SoftwareName | "any", string>>>;

/** Looks at each record of some kinds. */
export interface RecordCheck extends CheckWords {
	readonly on: "record";
	/** All kinds where it is left out. */
	readonly kinds?: readonly RecordKind[];
	look(event: RecordEvent, facts: ConnectionFacts): Evidence | undefined;
}

/** Looks at records that the lifecycle of requests has no place for. */
export interface UnexpectedCheck extends CheckWords {
	readonly on: "unexpected";
	readonly reasons: readonly Unexpected[];
	look(event: RecordEvent, facts: ConnectionFacts): Evidence | undefined;
}

/** Looks at records that are not whole. */
export interface CutRecordCheck extends CheckWords {
	readonly on: "cutRecord";
	look(event: RecordEvent, facts: ConnectionFacts): Evidence | undefined;
}

/** Looks at a request when it began, when its parameters or its response's head are whole, or when it has ended. */
export interface RequestCheck extends CheckWords {
	readonly on: RequestMoment;
	/**
	 * True where lost bytes cannot make it wrong. Others are not asked of a request of which something may be missing: its
	 * beginning, its parameters, content, or records.
	 */
	readonly evenDamaged?: true;
	look(request: FcgiRequest, facts: ConnectionFacts): Evidence | undefined;
}

/** The moments of a request at which checks look at it. */
export type RequestMoment =
	| "requestBegan"
	| "paramsEnded"
	| "responseHead"
	| "requestEnded";

/** Looks at bytes that no record was made of. */
export interface SkippedCheck extends CheckWords {
	readonly on: "bytesSkipped";
	look(event: BytesSkippedEvent, facts: ConnectionFacts): Evidence | undefined;
}

/** Looks at a connection when it was opened, or when no more of it comes. */
export interface ConnectionCheck extends CheckWords {
	readonly on: "connectionOpened" | "connectionClosed";
	look(facts: ConnectionFacts): Evidence | undefined;
}

/** A check. */
export type Check =
	| RecordCheck
	| UnexpectedCheck
	| CutRecordCheck
	| RequestCheck
	| SkippedCheck
	| ConnectionCheck;
