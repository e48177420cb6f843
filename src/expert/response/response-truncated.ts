// A response whose body is shorter than it declares (RFC 9110, section 8.6).

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { bodyLength, declaredLength, hasOtherBody } from "../head-field.js";

/** STDOUT carried less of the body than Content-Length says. */
export const responseTruncated: RequestCheck = {
	code: "response-truncated",
	severity: "error",
	section: "RFC 9110 8.6",
	summary: "The body of the response is shorter than its Content-Length",
	diagnosis:
		"The HTTP client sees a response that is cut off. The script declares a length that it does not write, something else took a part of its output, or it was killed in the middle",
	remedies: {
		php: "leave Content-Length to the web server, or set it to the length of what is sent, after compression and output buffers",
		any: "declare the length of what is written, or none",
	},
	logs: {
		nginx: [
			"upstream prematurely closed FastCGI stdout while reading upstream",
			"upstream prematurely closed FastCGI request while reading upstream",
			"upstream prematurely closed connection while reading upstream",
		],
		HAProxy: ["SD--", "sD--"],
	},
	example:
		"Content-Length declared 10, received 2, missing 8; then END_REQUEST came",
	on: "requestEnded",
	look(request) {
		const { response } = request;
		if (response === undefined) return undefined;
		const declared = declaredLength(response);
		if (declared === undefined) return undefined;
		const received = bodyLength(request, response);
		if (received >= declared) return undefined;
		if (hasNoBody(request, response.status, received)) return undefined;
		if (hasOtherBody(request, response)) return undefined;
		const end = endOf(request);
		if (end === undefined) return undefined;
		return `Content-Length declared ${declared}, received ${received}, missing ${declared - received}; then ${end}`;
	},
};

/** Whether its response has a length and no body (RFC 9110, sections 6.4.1 and 8.6). */
function hasNoBody(
	request: FcgiRequest,
	status: number | undefined,
	received: number,
): boolean {
	if (status === 204 || status === 304) return true;
	// Without a method, an empty body may be the answer to HEAD.
	const method = request.param("REQUEST_METHOD");
	return method === "HEAD" || (method === undefined && received === 0);
}

/** What ended the body; undefined where more of it may have been to come, or nobody was there to read it. */
function endOf(request: FcgiRequest): string | undefined {
	const { state, closedBy, closing } = request;
	if (closedBy === "webServer") return undefined;
	if (state === "complete" || state === "rejected") return "END_REQUEST came";
	if (state !== "incomplete" || closedBy === undefined) return undefined;
	return `the application closed the connection (${closing === "rst" ? "RST" : "FIN"})`;
}
