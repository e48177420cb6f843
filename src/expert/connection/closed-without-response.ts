// An application that closes the connection without having said anything of the request on it. How long that took tells a
// refusal, a time limit and a crash apart.

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { terminateTimeout } from "../terminate-timeout.js";
import { duration } from "../words.js";
import {
	explainedBy,
	hasStrayAnswer,
	isUnanswered,
	waitForAnswer,
} from "./answer.js";
import { closeWord } from "./close-words.js";
import { cannotMultiplex } from "./multiplex-unsupported.js";
import { isStaleKeepalive } from "./stale-keepalive.js";

/** Seconds within which a parser refuses, and scripts that crash at their start do: nothing tells these apart. */
const AT_ONCE = 0.005;

/** Numbers of the roles that the specification defines (section 6.1). */
const ROLES: ReadonlySet<number> = new Set([1, 2, 3]);

/** The connection was closed without a byte of an answer. */
export const closedWithoutResponse: RequestCheck = {
	code: "closed-without-response",
	severity: "error",
	section: "6.2",
	summary: "The application closed the connection without a byte of an answer",
	diagnosis:
		"After a while, the process died: by a crash, by a kill, or at a time limit. At once, it may also have refused the request as one that it cannot read, or the address that it came from",
	remedies: {
		php: "look into the log of php-fpm (exited on signal, execution timed out, Connection disallowed) and of the kernel; check request_terminate_timeout and listen.allowed_clients",
		libfcgi: "look for the end of the process in the log of what starts it",
		any: "look into the log of the application, and of the kernel, for the end of the process",
	},
	logs: {
		nginx: [
			"upstream prematurely closed connection while reading response header from upstream",
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		],
		lighttpd: [
			"unexpected end-of-file (perhaps the fastcgi process died):pid: … socket: …",
			"response not received, request sent: … on socket: … for …, closing connection",
			"read() … …: Connection reset by peer",
		],
		Apache: [
			"AH01067: Failed to read FastCGI header",
			"(70014)End of file found: AH01075: Error dispatching request to …",
			"(104)Connection reset by peer: AH01075: Error dispatching request to …",
		],
		HAProxy: ["SH--"],
		Caddy: ["read tcp …->…: read: connection reset by peer"],
		php: [
			"Connection disallowed: IP address '…' has been dropped.",
			"child … exited on signal … (…) after … seconds from start",
			"child …, script '…' (request: \"…\") execution timed out (… sec), terminating",
		],
	},
	example:
		"no byte of an answer: the application closed the connection (RST) 0.400 s after the input was complete, as a process does that dies at work",
	on: "requestEnded",
	look(request, facts) {
		const { state, closedBy, closing } = request;
		if (state !== "incomplete" || closedBy !== "application") return undefined;
		if (!isUnanswered(request) || hasStrayAnswer(facts)) return undefined;
		if (isStaleKeepalive(request, facts)) return undefined;
		if (cannotMultiplex(request, facts) !== undefined) return undefined;
		const wait = waitForAnswer(request);
		const input =
			request.inputEndedAt === undefined
				? "the last record of an input that was not complete"
				: "the input was complete";
		const when = wait === undefined ? "" : ` ${duration(wait)} after ${input}`;
		return `no byte of an answer: the application closed the connection (${closeWord(closing)})${when}${reason(request, wait)}`;
	},
};

function reason(request: FcgiRequest, wait: number | undefined): string {
	const code = explainedBy(request);
	if (code !== undefined) return `, which ${code} explains`;
	const { role } = request;
	// php closes where it has no such role; it takes the three that there are.
	if (role !== undefined && !ROLES.has(role) && (wait ?? 0) < AT_ONCE) {
		return `, at once, which role ${role} explains: the specification does not define it`;
	}
	if (wait === undefined) return "";
	if (wait < AT_ONCE) {
		return ", at once: its parser refused the request, listen.allowed_clients the address, or the process died as the script began";
	}
	return `, as a process does that dies at work${terminateTimeout(wait)}`;
}
