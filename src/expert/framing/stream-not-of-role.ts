// An input stream that a role does not have (sections 6.2 to 6.4).

import { recordTypeName, roleName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";

/** An input stream that the application's role has no use for. */
export const streamNotOfRole: UnexpectedCheck = {
	code: "stream-not-of-role",
	severity: "warning",
	section: "6.1",
	summary: "The web server sent a stream that the role does not have",
	diagnosis:
		"A Responder has PARAMS and STDIN, an Authorizer PARAMS only, a Filter all three. The application never reads it",
	remedies: {
		any: "send FCGI_DATA to a Filter only, and no body to an Authorizer",
	},
	example: "FCGI_DATA with 4 bytes at offset 59 for a FCGI_RESPONDER",
	on: "unexpected",
	reasons: ["notOfRole"],
	look: ({ record, request }) =>
		`${recordTypeName(record.type)} with ${record.contentLength} bytes at offset ${record.offset} for a ${roleName(request?.role ?? 0)}`,
};
