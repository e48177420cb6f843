// A request on a kept connection whose worker is still busy behind the end of the request before.

import type { RequestCheck } from "../../inspect/check.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { duration } from "../words.js";
import { isExplained, waitedInVain } from "./answer.js";

/** Seconds after a request in which its script may still be at work: a call to itself follows at once. */
const STILL_AT_WORK = 1;

/** A worker that is busy behind its answer got the next request. */
export const selfCallDeadlock: RequestCheck = {
	code: "self-call-deadlock",
	severity: "warning",
	section: "3.5",
	summary:
		"A request on a kept connection got no answer: its worker may still be at work on the one before",
	diagnosis:
		"After fastcgi_finish_request a script of php works on behind END_REQUEST, and reads no other request from its connection meanwhile. If it calls its own site, and the web server sends that call down the same connection, both wait for each other. A slow script looks the same",
	remedies: {
		nginx: "no fastcgi_keep_conn for sites that call themselves",
		php: "no calls of the own site behind fastcgi_finish_request; a queue and a worker instead",
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
		HAProxy: ["sH--"],
		Apache: [
			"(70007)The timeout specified has expired: AH01075: Error dispatching request to …",
		],
	},
	example:
		"request 2 of this connection came 1.00 ms behind END_REQUEST of the one before, and got no answer for 2.000 s, until the web server closed the connection",
	on: "requestEnded",
	look: deadlocked,
};

/** The evidence that a request waited for the worker of its own connection. */
export function deadlocked(
	request: FcgiRequest,
	facts: ConnectionFacts,
): string | undefined {
	const { onConnection, idleBefore } = request;
	if (onConnection === 1 || idleBefore === undefined) return undefined;
	if (idleBefore >= STILL_AT_WORK) return undefined;
	if (facts.application.software?.name !== "php") return undefined;
	const wait = waitedInVain(request);
	if (wait === undefined || isExplained(request, facts)) return undefined;
	return `request ${onConnection} of this connection came ${duration(idleBefore)} behind END_REQUEST of the one before, and got no answer for ${duration(wait)}, until the web server closed the connection`;
}
