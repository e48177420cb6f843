// A request that waits for a worker while workers wait for requests on connections that are kept open: php serves one
// connection a worker, however idle it is.

import type { RequestCheck } from "../../inspect/check.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { counted, duration } from "../words.js";
import { isExplained, waitedInVain, waitForAnswer } from "./answer.js";

/** Seconds of waiting that are worth a word. */
const WAITED = 1;
/** Seconds within which a worker that became free answers. */
const ANSWERS_WITHIN = 0.25;

/** Idle connections held all workers. */
export const keepalivePinsWorker: RequestCheck = {
	code: "keepalive-pins-worker",
	severity: "warning",
	section: "3.5",
	summary: "A request waited for a worker while idle connections held workers",
	diagnosis:
		"php serves one connection a worker, and a connection that is kept open holds its worker while it is idle. With as many of them as pm.max_children, a new connection is accepted by the kernel and read by nobody",
	remedies: {
		nginx:
			"keepalive in the upstream block times the worker_processes below pm.max_children, or no fastcgi_keep_conn",
		HAProxy: "no option keep-conn, or pool-max-conn below pm.max_children",
		Apache: "enablereuse=off, or max= below pm.max_children",
		php: "raise pm.max_children above the connections that are kept",
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
		php: ["server reached pm.max_children setting (…), consider raising it"],
		HAProxy: ["sH--"],
		Apache: [
			"(70007)The timeout specified has expired: AH01075: Error dispatching request to …",
		],
	},
	example:
		"no answer for 2.001 s, then the first byte 1.00 ms after an idle connection closed; 1 other connection to it, kept open and idle, held workers",
	on: "requestEnded",
	look: pinned,
};

/** The evidence that a request waited for a worker that an idle connection held. */
export function pinned(
	request: FcgiRequest,
	facts: ConnectionFacts,
): string | undefined {
	const { idleConnections, onConnection, firstByteAt, startedAt } = request;
	// On a kept connection of its own it has a worker of its own.
	if (idleConnections === 0 || onConnection > 1) return undefined;
	const { application } = facts;
	if (application.software?.name !== "php") return undefined;
	if (isExplained(request, facts)) return undefined;
	const idle = `${counted(idleConnections, "other connection")} to it, kept open and idle`;
	const vain = waitedInVain(request);
	if (vain !== undefined) {
		return `no answer for ${duration(vain)}, until the web server closed the connection; ${idle}, held workers`;
	}
	const { idleClosedAt } = application;
	const wait = waitForAnswer(request) ?? 0;
	if (wait < WAITED || firstByteAt === undefined) return undefined;
	if (startedAt === undefined || idleClosedAt === undefined) return undefined;
	if (idleClosedAt <= startedAt) return undefined;
	const after = firstByteAt - idleClosedAt;
	if (after < 0 || after > ANSWERS_WITHIN) return undefined;
	return `no answer for ${duration(wait)}, then the first byte ${duration(after)} after an idle connection closed; ${idle}, held workers`;
}
