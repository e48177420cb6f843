// Records of a stream where the stream has no place: behind its end, in front of its turn, or not of the role (sections 3.3
// and 6).

import { recordTypeName, roleName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";

/** Something of a stream comes behind its empty record. */
export const recordAfterStreamEnd: UnexpectedCheck = {
	code: "record-after-stream-end",
	severity: "warning",
	section: "3.3",
	summary: "A stream goes on behind the empty record that ends it",
	diagnosis:
		"Servers differ in what they make of it: behind the end of STDOUT nginx and lighttpd pass the content on, Apache and HAProxy drop it",
	remedies: {
		any: "send the empty record once, when all of the stream is sent; send no record for content of no bytes before",
	},
	example:
		"FCGI_STDOUT with 5 bytes at offset 34, and the stream's empty record was there before",
	on: "unexpected",
	reasons: ["streamEnded"],
	look({ record }) {
		const { type, contentLength, offset } = record;
		const message = `${recordTypeName(type)} with ${contentLength} bytes at offset ${offset}, and the stream's empty record was there before`;
		return contentLength === 0 ? { severity: "note", message } : message;
	},
};

/** An input stream begins before the one in front of it has ended. */
export const streamTooEarly: UnexpectedCheck = {
	code: "stream-too-early",
	severity: "warning",
	section: "6.1",
	summary: "A stream begins before the one in front of it has ended",
	diagnosis:
		"PARAMS come first, then STDIN, then DATA, and each ends with an empty record. An application that reads them one behind the other, as php does, takes the record for a fault and closes",
	remedies: {
		any: "end each stream with its empty record before the next begins",
	},
	example:
		"FCGI_STDIN with 0 bytes at offset 43, and the stream in front of it has not ended",
	on: "unexpected",
	reasons: ["streamTooEarly"],
	look: ({ record }) =>
		`${recordTypeName(record.type)} with ${record.contentLength} bytes at offset ${record.offset}, and the stream in front of it has not ended`,
};

/** An input stream that the application's role has no use for. */
export const streamNotOfRole: UnexpectedCheck = {
	code: "stream-not-of-role",
	severity: "warning",
	section: "6.1",
	summary: "The web server sent a stream that the role does not have",
	diagnosis:
		"A Responder has PARAMS and STDIN, an Authorizer PARAMS only, a Filter all three. The application never reads it",
	remedies: {
		any: "send FCGI_DATA to a Filter only, and no body to an Authorizer",
	},
	example: "FCGI_DATA with 4 bytes at offset 59 for a FCGI_RESPONDER",
	on: "unexpected",
	reasons: ["notOfRole"],
	look: ({ record, request }) =>
		`${recordTypeName(record.type)} with ${record.contentLength} bytes at offset ${record.offset} for a ${roleName(request?.role ?? 0)}`,
};
