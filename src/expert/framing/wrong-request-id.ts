// Records for an id that is none of a request's (section 3.3): of one that was never begun, of one that has ended, or 0.

import { recordTypeName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import { recordWithId } from "../evidence.js";

/** What servers log of an id that they do not expect. */
const LOGS = {
	nginx: [
		"upstream sent unexpected FastCGI request id high byte: … while reading response header from upstream",
		"upstream sent unexpected FastCGI request id low byte: … while reading response header from upstream",
		"upstream sent unexpected FastCGI request id high byte: … while reading upstream",
		"upstream sent unexpected FastCGI request id low byte: … while reading upstream",
	],
	Apache: [
		"AH01069: Got bogus rid …, expected …",
		"(22)Invalid argument: AH01075: Error dispatching request to …",
	],
	HAProxy: ["sH--"],
} as const;

/** The application answers under an id that was not asked. */
export const wrongRequestId: UnexpectedCheck = {
	code: "wrong-request-id",
	severity: "error",
	section: "3.3",
	summary: "The application answered with a request id that was not begun",
	diagnosis:
		"The id of a record is that of the BEGIN_REQUEST it answers; the application has one of its own, or swaps its two bytes. nginx and Apache fail the request, HAProxy waits until its timeout, lighttpd does not look",
	remedies: {
		any: "answer with the request id of BEGIN_REQUEST, high byte first, in every record",
	},
	logs: LOGS,
	example:
		"FCGI_STDOUT with requestIdB1 0x01, requestIdB0 0x00 = 256 from the application; open is 1, which its bytes swapped are: the byte order is wrong",
	on: "unexpected",
	reasons: ["inactiveId"],
	look({ from, record: { type, requestId } }, facts) {
		if (from !== "application") return undefined;
		const swapped = ((requestId & 0xff) << 8) | (requestId >> 8);
		const order =
			swapped !== requestId && facts.open.has(swapped)
				? `, ${facts.open.size === 1 ? "which" : `and ${swapped} is what`} its bytes swapped are: the byte order is wrong`
				: "";
		return `${recordWithId(type, requestId)} from the application; ${openIds(facts)}${order}`;
	},
};

/** The web server sends records of a request that it did not begin. */
export const recordWithoutBegin: UnexpectedCheck = {
	code: "record-without-begin",
	severity: "error",
	section: "5.1",
	summary: "The web server sent a record for a request that it did not begin",
	diagnosis:
		"A request begins with FCGI_BEGIN_REQUEST. Applications pass such a record over, or close the connection",
	remedies: {
		any: "send FCGI_BEGIN_REQUEST first, with the same request id",
	},
	example:
		"FCGI_PARAMS with requestIdB1 0x00, requestIdB0 0x02 = 2 from the web server; open is 1",
	on: "unexpected",
	reasons: ["inactiveId"],
	look: ({ from, record }, facts) =>
		from === "webServer"
			? `${recordWithId(record.type, record.requestId)} from the web server; ${openIds(facts)}`
			: undefined,
};

/** The application goes on with a request that it has ended. */
export const recordAfterEnd: UnexpectedCheck = {
	code: "record-after-end",
	severity: "warning",
	section: "5.5",
	summary: "The application sent a record for a request that it had ended",
	diagnosis:
		"Nothing of a request comes behind its FCGI_END_REQUEST: something wrote late, such as a thread, or the end was sent twice. No web server says so, and on a connection that is kept it may become part of the next answer",
	remedies: {
		any: "send FCGI_END_REQUEST last, once, when all who write are done",
	},
	example: "FCGI_STDOUT with 5 bytes for request id 1, which has ended",
	on: "unexpected",
	reasons: ["endedId"],
	look({ from, record }, facts) {
		// After a close the request had ended without the application's doing; a web server may still be sending STDIN.
		if (from !== "application" || facts.closedBy !== undefined) {
			return undefined;
		}
		return `${recordTypeName(record.type)} with ${record.contentLength} bytes for request id ${record.requestId}, which has ended`;
	},
};

/** A record of a request with the id of none. */
export const applicationWithoutId: UnexpectedCheck = {
	code: "application-without-id",
	severity: "error",
	section: "3.3",
	summary: "A record of a request has the request id 0",
	diagnosis:
		"The id 0 is for management records, types 9 to 11; a request has another. nginx and Apache fail the request, and libfcgi ends the connection",
	remedies: {
		any: "answer with the request id of BEGIN_REQUEST; begin requests with an id from 1 on",
	},
	logs: LOGS,
	example:
		"FCGI_STDOUT (type 6) has request id 0 from the application; open is 1",
	on: "unexpected",
	reasons: ["applicationWithoutId"],
	look({ from, record: { type } }, facts) {
		const who = from === "webServer" ? "the web server" : "the application";
		return `${recordTypeName(type)} (type ${type}) has request id 0 from ${who}; ${openIds(facts)}`;
	},
};

/** A management record with the id of a request. */
export const managementWithId: UnexpectedCheck = {
	code: "management-with-id",
	severity: "error",
	section: "3.3",
	summary: "A management record has a request id other than 0",
	diagnosis:
		"Management records, types 9 to 11, belong to no request. HAProxy closes the connection for it, others take no notice, or take it for a record of that request",
	remedies: { any: "send management records with the request id 0" },
	example:
		"FCGI_GET_VALUES_RESULT with requestIdB1 0x00, requestIdB0 0x01 = 1, not 0",
	on: "unexpected",
	reasons: ["managementWithId"],
	look: ({ record }) => `${recordWithId(record.type, record.requestId)}, not 0`,
};

/** Most ids that are listed. */
const MAX_LISTED = 4;

function openIds({ open }: ConnectionFacts): string {
	if (open.size === 0) return "no request is open";
	const ids = [...open.keys()].slice(0, MAX_LISTED).join(", ");
	const more = open.size > MAX_LISTED ? ", ..." : "";
	return `open ${open.size === 1 ? "is" : "are"} ${ids}${more}`;
}
