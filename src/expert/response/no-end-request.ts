// An application that closes the connection after some of its answer, without the END_REQUEST that says it is all
// (specification, section 5.5).

import type { Evidence, RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { bodyLength, declaredLength } from "../head-field.js";
import { terminateTimeout } from "../terminate-timeout.js";
import { counted, duration } from "../words.js";

/** The connection closed with the request open, after some output. */
export const noEndRequest: RequestCheck = {
	code: "no-end-request",
	severity: "error",
	section: "5.5",
	summary: "The application closed the connection without END_REQUEST",
	diagnosis:
		"Its process died, or was killed, after some of its output, or it never sends END_REQUEST. Without a Content-Length the HTTP client cannot tell that the response is cut off, and the connection cannot be kept for another request",
	remedies: {
		php: "look for the worker's end in the log of php-fpm: exited on signal, execution timed out",
		libfcgi:
			"end each request with FCGX_Finish_r instead of leaving the process",
		Go: "recover from panics in handlers: one ends the whole process",
		any: "look into the log of the application, and of the kernel, for the end of the process",
	},
	logs: {
		nginx: [
			"upstream prematurely closed connection while reading upstream",
			"upstream prematurely closed connection while reading response header from upstream",
			"recv() failed (104: Connection reset by peer) while reading upstream",
			"readv() failed (104: Connection reset by peer) while reading upstream",
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		],
		lighttpd: [
			"unexpected end-of-file (perhaps the fastcgi process died):pid: … socket: …",
			"response already sent out, but backend returned error on socket: … for …, terminating connection",
		],
		Apache: [
			"AH01067: Failed to read FastCGI header",
			"(70014)End of file found: AH01075: Error dispatching request to …",
		],
		HAProxy: ["SD--", "SH--"],
		php: [
			"child … exited on signal … (…) after … seconds from start",
			"child …, script '…' (request: \"…\") execution timed out (… sec), terminating",
		],
	},
	example:
		"the application closed the connection (FIN) without END_REQUEST: the head was whole, the body had 5 bytes so far, STDOUT was not ended",
	on: "requestEnded",
	look(request, facts) {
		const { state, closedBy, stdout, stderr } = request;
		if (state !== "incomplete" || closedBy !== "application") return undefined;
		if (stdout.bytes === 0 && stderr.bytes === 0 && !stdout.ended) {
			return undefined;
		}
		if (facts.connection.inputLags && stdout.ended) return undefined;
		// What is the better word for the same end.
		if (request.findings.some(({ code }) => BETTER.has(code))) return undefined;
		return evidence(request);
	},
};

const BETTER = new Set([
	"response-truncated",
	"stdout-ended-before-headers",
	"wrong-request-id",
	"application-without-id",
]);

function evidence(request: FcgiRequest): Evidence {
	const { response, stdout, closing, quietBeforeClose } = request;
	const how = closing === "rst" ? "RST" : "FIN";
	const after =
		quietBeforeClose === undefined
			? ""
			: ` ${duration(quietBeforeClose)} after its last record`;
	const body =
		response === undefined
			? `the head was not whole, STDOUT had ${counted(stdout.bytes, "byte")} so far`
			: `the head was whole, the body had ${counted(bodyLength(request, response), "byte")} so far`;
	const end = `STDOUT was ${stdout.ended ? "ended" : "not ended"}`;
	const message = `the application closed the connection (${how})${after} without END_REQUEST: ${body}, ${end}${limit(request)}`;
	return isComplete(request) ? { severity: "warning", message } : message;
}

/** Whether all of the response came, so that its HTTP client misses nothing. */
function isComplete(request: FcgiRequest): boolean {
	const { response, stdout } = request;
	if (response === undefined) return false;
	if (stdout.ended || request.param("REQUEST_METHOD") === "HEAD") return true;
	const declared = declaredLength(response);
	return declared !== undefined && bodyLength(request, response) >= declared;
}

/** php-fpm's limits that may have ended it. */
function limit(request: FcgiRequest): string {
	const { applicationSoftware, closedAt, startedAt } = request;
	if (applicationSoftware?.name !== "php") return "";
	return closedAt === undefined || startedAt === undefined
		? ""
		: terminateTimeout(closedAt - startedAt);
}
