// A stream that goes on behind its end (section 3.3).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";

/** Something of a stream comes behind its empty record. */
export const recordAfterStreamEnd: UnexpectedCheck = {
	code: "record-after-stream-end",
	severity: "warning",
	section: "3.3",
	summary: "A stream goes on behind the empty record that ends it",
	diagnosis:
		"Servers differ in what they make of it: behind the end of STDOUT nginx and lighttpd pass the content on, Apache and HAProxy drop it",
	remedies: {
		any: "send the empty record once, when all of the stream is sent; send no record for content of no bytes before",
	},
	example:
		"FCGI_STDOUT with 5 bytes at offset 34, and the stream's empty record was there before",
	on: "unexpected",
	reasons: ["streamEnded"],
	look({ record }) {
		const { type, contentLength, offset } = record;
		const message = `${recordTypeName(type)} with ${contentLength} bytes at offset ${offset}, and the stream's empty record was there before`;
		return contentLength === 0 ? { severity: "note", message } : message;
	},
};
