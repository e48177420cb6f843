// A body that was given up in the middle, and that the application took for what it was to get (section 6.2).

import type { RequestCheck } from "../../inspect/check.js";
import { announcedLength } from "../content-length.js";
import { hasBody } from "./has-body.js";

/** The web server left in the middle of the body, and the application answered all the same. */
export const stdinCutOff: RequestCheck = {
	code: "stdin-cut-off",
	severity: "warning",
	section: "6.2",
	summary: "The application worked on a part of a body that was cut off",
	diagnosis:
		"The HTTP client went away in the middle of its upload, and the web server, which passed the body on as it came, closed the connection. php takes the end of the connection for the end of the body: the script ran with a part of the data, and may have stored it",
	remedies: {
		nginx: "fastcgi_request_buffering on: php is asked when the body is whole",
		php: "compare CONTENT_LENGTH with what was read before the data is used",
		any: "collect the body before it is passed on",
	},
	logs: {
		nginx: [
			"client prematurely closed connection while sending request to upstream",
		],
	},
	example:
		"the application answered 200 with 5 of the 10 bytes that CONTENT_LENGTH says; the web server had closed the connection before",
	on: "requestEnded",
	look(request) {
		const { closedAt, closedBy, firstByteAt, response, stdin } = request;
		if (closedBy !== "webServer" || request.state !== "complete") {
			return undefined;
		}
		if (response === undefined || stdin.ended || !hasBody(request)) {
			return undefined;
		}
		// An answer in front of the end of the body is legal while somebody is there, and one that reports an error is right.
		if (closedAt === undefined || firstByteAt === undefined) return undefined;
		if (firstByteAt < closedAt || (response.status ?? 200) >= 400) {
			return undefined;
		}
		const announced = announcedLength(request);
		if (announced === undefined || stdin.bytes >= announced) return undefined;
		return `the application answered ${response.status} with ${stdin.bytes} of the ${announced} bytes that CONTENT_LENGTH says; the web server had closed the connection before`;
	},
};
