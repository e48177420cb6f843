// Why the lifecycle of requests has no place for a record, in words.

import { UNEXPECTED, type Unexpected } from "../inspect/lifecycle.js";

const WORDS: Readonly<Record<Unexpected, string>> = {
	wrongDirection: "a type that only the other end sends",
	managementWithId: "a management record with a request id",
	applicationWithoutId: "a record of a request without a request id",
	activeId: "its id is in use by a request that has not ended",
	inactiveId: "no request with its id was begun",
	endedId: "the request with its id has ended",
	streamEnded: "its stream has ended",
	streamTooEarly: "the stream in front of it has not ended",
	notOfRole: "the role does not have this stream",
	bodyLength: "its type asks for another content length",
	unknownType: "the specification does not define its type",
};

/** One clause with the section of the specification: `its stream has ended (section 3.3)`. */
export function unexpectedWords(reason: Unexpected): string {
	return `${WORDS[reason]} (section ${UNEXPECTED[reason]})`;
}
