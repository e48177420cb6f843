// The lifecycle of a request as tables: which records a state has a place for, and what each does to it
// (specification, sections 3.3, 5 and 6). Where the tables have no place for a record, it is still decoded and shown,
// with one of the words of `UNEXPECTED`.

import type { RecordKind } from "../fastcgi/constants.js";
import type { StreamName } from "./request.js";

/** Why a record has no place where it stands, and the section of the specification that says so. */
export const UNEXPECTED = {
	/** A type that the other end sends. */
	wrongDirection: "8",
	/** A management record with a request id. */
	managementWithId: "3.3",
	/** A record of a request with the null request id. */
	applicationWithoutId: "3.3",
	/** BEGIN_REQUEST for an id whose request has not ended. */
	activeId: "3.3",
	/** A record for an id that was not begun, or whose request has ended. */
	inactiveId: "3.3",
	/** A record of a stream after the stream's empty record. */
	streamEnded: "3.3",
	/** An input stream that comes before the end of the one in front of it. */
	streamTooEarly: "6.1",
	/** An input stream that the role does not have. */
	notOfRole: "6.1",
	/** A discrete record whose content has not the length that its type asks for. */
	bodyLength: "8",
	/** A type number that the specification does not define. */
	unknownType: "4.2",
} as const;

/** A key of {@link UNEXPECTED}. */
export type Unexpected = keyof typeof UNEXPECTED;

/** The input streams of each role, in the order in which they are sent (sections 6.2, 6.3, 6.4). */
export const INPUT_STREAMS: Readonly<Record<number, readonly StreamName[]>> = {
	1: ["params", "stdin"],
	2: ["params"],
	3: ["params", "stdin", "data"],
};

/** The kinds of records that belong to a request that is under way. */
export type RequestKind = Exclude<
	RecordKind,
	"getValues" | "getValuesResult" | "unknownType" | "unknown"
>;
