// The lifecycle of a request as tables (specification, sections 3.3, 5 and 6): which streams a role has and in which
// order, what closes a request, and the words for a record that has no place where it stands. Such a record is still
// decoded, counted and shown.

import type { Peer, RecordKind, RecordType } from "../fastcgi/constants.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { RequestState, StreamName } from "./request.js";

/** Why a record has no place where it stands, and the section of the specification that says so. */
export const UNEXPECTED = {
	/** A type number that the specification does not define. */
	unknownType: "4.2",
	/** A type that only the other end sends. */
	wrongDirection: "8",
	/** A management record with a request id. */
	managementWithId: "3.3",
	/** A record of a request with the null request id. */
	applicationWithoutId: "3.3",
	/** A discrete record whose content has not the length that its type asks for. */
	bodyLength: "8",
	/** BEGIN_REQUEST for an id whose request has not ended. */
	activeId: "3.3",
	/** A record for an id that was not begun. */
	inactiveId: "3.3",
	/** A record for an id whose request has ended. */
	endedId: "3.3",
	/** A record of a stream after the stream's empty record. */
	streamEnded: "3.3",
	/** An input stream that comes before the end of the one in front of it. */
	streamTooEarly: "6.1",
	/** An input stream that the role does not have. */
	notOfRole: "6.1",
} as const;

/** A key of {@link UNEXPECTED}. */
export type Unexpected = keyof typeof UNEXPECTED;

/** The input streams of each role, in the order in which they are sent (sections 6.2, 6.3 and 6.4). */
const INPUT_STREAMS: Readonly<Record<number, readonly StreamName[]>> = {
	1: ["params", "stdin"],
	2: ["params"],
	3: ["params", "stdin", "data"],
};

/** Of a role that the specification does not define, as much is asked as of a Responder. */
const UNKNOWN_ROLE_STREAMS: readonly StreamName[] = ["params", "stdin"];

/** The input streams of a role, in order. */
export function inputStreams(role: number | undefined): readonly StreamName[] {
	return INPUT_STREAMS[role ?? 0] ?? UNKNOWN_ROLE_STREAMS;
}

/** The stream that each kind of record is a piece of. */
const STREAM_OF: Partial<Record<RecordKind, StreamName>> = {
	params: "params",
	stdin: "stdin",
	data: "data",
	stdout: "stdout",
	stderr: "stderr",
};

/** The stream that a kind of record is a piece of; undefined for discrete kinds. */
export function streamOf(kind: RecordKind): StreamName | undefined {
	return STREAM_OF[kind];
}

/** What is wrong with a record whatever the state of its request; undefined where nothing is. */
export function unexpectedAnywhere(
	record: FcgiRecord,
	type: RecordType | undefined,
	from: Peer,
): Unexpected | undefined {
	if (type === undefined) return "unknownType";
	if (type.sentBy !== from) return "wrongDirection";
	if (type.management) {
		if (record.requestId !== 0) return "managementWithId";
	} else if (record.requestId === 0) {
		return "applicationWithoutId";
	}
	if (type.bodyLength !== undefined && !record.truncated) {
		if (record.contentLength !== type.bodyLength) return "bodyLength";
	}
	return undefined;
}

/** What is wrong with a piece of a stream, given the streams of its request; undefined where nothing is. */
export function unexpectedInStream(
	request: Readonly<Record<StreamName, { readonly ended: boolean }>> & {
		readonly role: number | undefined;
	},
	stream: StreamName,
	contentLength: number,
): Unexpected | undefined {
	if (request[stream].ended) return "streamEnded";
	if (stream === "stdout" || stream === "stderr") return undefined;
	const inputs = inputStreams(request.role);
	const place = inputs.indexOf(stream);
	// Web servers differ on whether an Authorizer gets an empty STDIN, so an empty one is no surprise (section 6.3).
	if (place === -1) return contentLength === 0 ? undefined : "notOfRole";
	for (let i = 0; i < place; i++) {
		if (!request[inputs[i] as StreamName].ended) return "streamTooEarly";
	}
	return undefined;
}

/** How a request stands once END_REQUEST was seen (section 5.5). */
export function stateAtEnd(
	abortSeen: boolean,
	protocolStatus: number | undefined,
): RequestState {
	if (abortSeen) return "aborted";
	// An END_REQUEST too short to have a status ends the request for every server known, so it counts as complete.
	return (protocolStatus ?? 0) === 0 ? "complete" : "rejected";
}

/** How a request stands once nothing more can come for it (section 5.4: an abort may be answered by closing). */
export function stateAtClose(abortSeen: boolean): RequestState {
	return abortSeen ? "aborted" : "incomplete";
}
