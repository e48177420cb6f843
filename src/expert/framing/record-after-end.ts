// Records of the application for a request that it has ended (section 5.5).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";

/** The application goes on with a request that it has ended. */
export const recordAfterEnd: UnexpectedCheck = {
	code: "record-after-end",
	severity: "warning",
	section: "5.5",
	summary: "The application sent a record for a request that it had ended",
	diagnosis:
		"Nothing of a request comes behind its FCGI_END_REQUEST: something wrote late, such as a thread, or the end was sent twice. No web server says so, and on a connection that is kept it may become part of the next answer",
	remedies: {
		any: "send FCGI_END_REQUEST last, once, when all who write are done",
	},
	example: "FCGI_STDOUT with 5 bytes for request id 1, which has ended",
	on: "unexpected",
	reasons: ["endedId"],
	look({ from, record }, facts) {
		// After a close the request had ended without the application's doing; a web server may still be sending STDIN.
		if (from !== "application" || facts.closedBy !== undefined) {
			return undefined;
		}
		return `${recordTypeName(record.type)} with ${record.contentLength} bytes for request id ${record.requestId}, which has ended`;
	},
};
