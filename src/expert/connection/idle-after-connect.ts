// A connection on which nothing was said, until the application closed it.

import type { ConnectionCheck } from "../../inspect/check.js";
import { duration } from "../words.js";
import { closeWord } from "./close-words.js";

/** Seconds that php waits for the first byte of a connection (its `fcgi_accept_request` polls so long). */
const PHP_WAITS = 5;
/** How late it is after them. */
const LATE = 0.1;
/** Seconds within which only a refusal closes. */
const AT_ONCE = 0.005;

/** The application closed a connection that carried nothing. */
export const idleAfterConnect: ConnectionCheck = {
	code: "idle-after-connect",
	severity: "note",
	summary:
		"A connection was opened, and closed by the application without a byte",
	diagnosis:
		"Nobody sent a request: a health check of TCP only, a port scan, or a connection opened in advance. php closes such a connection after 5 s, and holds a worker for as long",
	remedies: {
		any: "have health checks send a request, or fewer of them",
		php: "if it closes at once: listen.allowed_clients has to name the web server's address",
	},
	logs: {
		php: ["Connection disallowed: IP address '…' has been dropped."],
	},
	example:
		"no byte in either direction; the application closed the connection (FIN) 5.006 s after it was opened, as php does after 5 s",
	on: "connectionClosed",
	look({ connection, ended, records, closedBy, damaged }) {
		if (closedBy !== "application" || connection.refused) return undefined;
		if (records.webServer > 0 || records.application > 0 || damaged) {
			return undefined;
		}
		const { openedAt, startSeen, inputLags } = connection;
		if (!startSeen || inputLags) return undefined;
		const end = ended.application;
		if (end?.timestamp === undefined || openedAt === undefined) {
			return undefined;
		}
		const waited = end.timestamp - openedAt;
		// The clock went back: nothing is known of how long it was.
		if (waited < 0) return undefined;
		return `no byte in either direction; the application closed the connection (${closeWord(end.closing)}) ${duration(waited)} after it was opened${likeWhom(waited)}`;
	},
};

function likeWhom(waited: number): string {
	if (waited < AT_ONCE) return ", as listen.allowed_clients does";
	return waited >= PHP_WAITS && waited < PHP_WAITS + LATE
		? ", as php does after 5 s"
		: "";
}
