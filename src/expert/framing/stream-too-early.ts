// An input stream in front of its turn (section 6.1).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";

/** An input stream begins before the one in front of it has ended. */
export const streamTooEarly: UnexpectedCheck = {
	code: "stream-too-early",
	severity: "warning",
	section: "6.1",
	summary: "A stream begins before the one in front of it has ended",
	diagnosis:
		"PARAMS come first, then STDIN, then DATA, and each ends with an empty record. Applications differ in what they make of another order: one that reads them one behind the other may take the record for the end of the stream in front. php-fpm 8.2 answers such a request",
	remedies: {
		any: "end each stream with its empty record before the next begins",
	},
	example:
		"FCGI_STDIN with 0 bytes at offset 43, and the stream in front of it has not ended",
	on: "unexpected",
	reasons: ["streamTooEarly"],
	look: ({ record }) =>
		`${recordTypeName(record.type)} with ${record.contentLength} bytes at offset ${record.offset}, and the stream in front of it has not ended`,
};
