// A request on a connection that was kept open, and that the application had already given up, or gave up just then.

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { duration } from "../words.js";
import { isUnanswered, waitForAnswer } from "./answer.js";
import { closeWord } from "./close-words.js";

/** Seconds within which a process that was ending anyway closes; later, the request itself was at work. */
const AT_ONCE = 0.25;

/** A kept connection closed instead of an answer. */
export const staleKeepalive: RequestCheck = {
	code: "stale-keepalive",
	severity: "warning",
	section: "3.5",
	summary: "A connection that was kept open closed when the next request came",
	diagnosis:
		"The application had ended its process, or was about to, while the web server still counted on the connection: pm.max_requests, pm.process_idle_timeout, a restart, or an idle limit of its own. It shows as a rare 502 under load, unless the web server sends the request again",
	remedies: {
		nginx:
			"keepalive_requests and keepalive_timeout in the upstream block below the limits of the application, or no keepalive",
		php: "raise pm.max_requests, or set it to 0; no pm = ondemand with kept connections",
		Apache: "enablereuse=off, or ttl= below the limits of the application",
		HAProxy: "no option keep-conn, or a shorter pool-purge-delay",
	},
	logs: {
		nginx: [
			"upstream prematurely closed connection while reading response header from upstream",
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
			"upstream sent unexpected FastCGI record: 3 while reading response header from upstream",
		],
		Apache: [
			"AH01067: Failed to read FastCGI header",
			"(104)Connection reset by peer: AH01075: Error dispatching request to …",
		],
		HAProxy: ["SH--"],
	},
	example:
		"request 2 of this connection got no byte of an answer: the application closed it (FIN) 1.0 ms after the input was complete; it had been idle for 60.000 s",
	on: "requestEnded",
	look(request, facts) {
		if (request.state !== "incomplete" || !isUnanswered(request)) {
			return undefined;
		}
		const { onConnection, idleBefore, closing } = request;
		const idle =
			idleBefore === undefined
				? ""
				: `; it had been idle for ${duration(idleBefore)}`;
		const said = `request ${onConnection} of this connection got no byte of an answer: the application`;
		if (isStaleKeepalive(request)) {
			const wait = waitForAnswer(request);
			const when =
				wait === undefined
					? ""
					: ` ${duration(wait)} after the input was complete`;
			return `${said} closed it (${closeWord(closing)})${when}${idle}`;
		}
		// It had closed before the request began, which the web server did not look at.
		const ended = facts.ended.application;
		if (onConnection === 1 || ended === undefined) return undefined;
		if (facts.closedBy !== "application" || request.closedBy !== undefined) {
			return undefined;
		}
		if (facts.damaged || facts.connection.inputLags) return undefined;
		return `${said} had closed it (${closeWord(ended.closing)}) before${idle}`;
	},
};

/** Whether an application closed a kept connection when a request came. */
export function isStaleKeepalive(request: FcgiRequest): boolean {
	const { state, closedBy, onConnection } = request;
	if (onConnection === 1 || state !== "incomplete") return false;
	if (closedBy !== "application" || !isUnanswered(request)) return false;
	// Beside another, or with another in front of it, it is not the keeping that fails.
	if (request.openBeside > 0) return false;
	return (waitForAnswer(request) ?? 0) < AT_ONCE;
}
