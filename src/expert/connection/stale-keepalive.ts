// A request on a connection that was kept open, and that the application had already given up, or gave up just then.

import type { RequestCheck } from "../../inspect/check.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
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
		Caddy: ["read tcp …->…: read: connection reset by peer"],
	},
	example:
		"request 2 of this connection got no byte of an answer: the application closed it (FIN) 1.00 ms after the input was complete; it had been idle for 60.000 s",
	on: "requestEnded",
	look(request, facts) {
		if (!isStaleKeepalive(request, facts)) return undefined;
		const { onConnection, idleBefore } = request;
		const ended = facts.ended.application;
		const said = `request ${onConnection} of this connection got no byte of an answer: the application`;
		const how = closeWord(ended?.closing);
		const early = closedBefore(request, facts);
		if (early !== undefined) {
			return `${said} had closed it (${how}) ${duration(early)} before`;
		}
		const wait = waitForAnswer(request);
		const when =
			wait === undefined
				? ""
				: ` ${duration(wait)} after the input was complete`;
		const idle =
			idleBefore === undefined
				? ""
				: `; it had been idle for ${duration(idleBefore)}`;
		return `${said} closed it (${how})${when}${idle}`;
	},
};

/** Whether an application closed a kept connection when a request came, or before. */
export function isStaleKeepalive(
	request: FcgiRequest,
	facts: ConnectionFacts,
): boolean {
	const { state, onConnection, openBeside } = request;
	// Beside another, it is not the keeping that fails.
	if (onConnection === 1 || openBeside > 0) return false;
	if (state !== "incomplete" || facts.closedBy !== "application") return false;
	if (!isUnanswered(request)) return false;
	if (closedBefore(request, facts) !== undefined) return true;
	return (
		request.closedBy === "application" &&
		(waitForAnswer(request) ?? 0) < AT_ONCE
	);
}

/** Seconds for which the application's end had been closed when a request began; undefined where it was open. */
function closedBefore(
	{ startedAt }: FcgiRequest,
	{ ended }: ConnectionFacts,
): number | undefined {
	const at = ended.application?.timestamp;
	if (at === undefined || startedAt === undefined) return undefined;
	return at <= startedAt ? startedAt - at : undefined;
}
