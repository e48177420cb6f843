// A header block that came in several STDOUT records. A stream may be cut anywhere (specification, section 3.3), but some web
// servers look for the end of the header block in the first record only.

import type { RequestCheck } from "../../inspect/check.js";

/** The header block spans records. */
export const headersSplitRecords: RequestCheck = {
	code: "headers-split-records",
	severity: "note",
	detail: true,
	section: "3.3",
	summary: "The header block of the response came in several records",
	diagnosis:
		"That is allowed, but old versions of h2o and of OpenBSD's httpd answered such a response with status 500. php does it with more than 8 KB of headers",
	remedies: {
		h2o: "use a version that joins them",
		any: "send less in header fields, or write the header block at once",
	},
	example: "the header block of 28 bytes came in 2 STDOUT records",
	on: "responseHead",
	look({ response, headRecords }) {
		if (headRecords < 2 || response === undefined) return undefined;
		return `the header block of ${response.headBytes} bytes came in ${headRecords} STDOUT records`;
	},
};
