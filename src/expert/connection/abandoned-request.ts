// A request whose web server closed the connection before it was answered to its end, and not at a time limit: its HTTP
// client went away.

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { bodyLength } from "../head-field.js";
import { counted, duration } from "../words.js";
import { isExplained, timeLimit } from "./answer.js";
import { closeWord } from "./close-words.js";
import { pinned } from "./keepalive-pins-worker.js";
import { deadlocked } from "./self-call-deadlock.js";

/** The web server left. */
export const abandonedRequest: RequestCheck = {
	code: "abandoned-request",
	severity: "note",
	section: "5.4",
	summary: "The web server closed the connection in the middle of a request",
	diagnosis:
		"Its HTTP client went away, or the web server's time limit was over; its log says which. nginx and Apache close then and send no ABORT_REQUEST. php notices it when it writes the next time",
	remedies: {
		php: "ignore_user_abort=1 lets a script go on when its client has left",
		nginx:
			"fastcgi_ignore_client_abort on waits for the application all the same",
	},
	logs: {
		nginx: [
			"epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream",
			"epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while reading upstream",
		],
		HAProxy: ["CD--", "CH--"],
	},
	example:
		"the web server closed the connection (FIN) before END_REQUEST: the head was whole, the body had 5 bytes so far",
	on: "requestEnded",
	look(request, facts) {
		const { state, closedBy, closing, quietBeforeClose } = request;
		if (state !== "incomplete" || closedBy !== "webServer") return undefined;
		if (timeLimit(request) !== undefined) return undefined;
		if (isExplained(request, facts) || isRefused(request)) return undefined;
		if (pinned(request, facts) ?? deadlocked(request, facts)) return undefined;
		const after =
			quietBeforeClose === undefined
				? ""
				: `, ${duration(quietBeforeClose)} after the last record`;
		return `the web server closed the connection (${closeWord(closing)}) before END_REQUEST${after}: ${reached(request)}`;
	},
};

/** Whether it is the response that the web server would not take. */
function isRefused({ findings }: FcgiRequest): boolean {
	return findings.some(({ code }) => REFUSED.has(code));
}

const REFUSED = new Set([
	"header-too-big",
	"http-status-line",
	"bad-cgi-header",
	"response-excess",
]);

function reached(request: FcgiRequest): string {
	const { response, inputEndedAt, stdout } = request;
	if (response !== undefined) {
		return `the head was whole, the body had ${counted(bodyLength(request, response), "byte")} so far`;
	}
	if (stdout.bytes > 0) return "the head was not whole";
	return inputEndedAt === undefined && !request.stdin.ended
		? "its input was not complete"
		: "nothing was answered";
}
