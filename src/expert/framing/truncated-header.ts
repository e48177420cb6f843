// A header of which the sender wrote the beginning only, before it ended the connection (section 3.3).

import { FCGI_HEADER_LEN } from "../../fastcgi/constants.js";
import type { SkippedCheck } from "../../inspect/check.js";
import { hex } from "../evidence.js";
import { CUT_RECORD_WORDS, cutHeader, how, WHO } from "./cut-record.js";

/** A header that lacks its end. */
export const truncatedHeader: SkippedCheck = {
	...CUT_RECORD_WORDS,
	code: "truncated-header",
	summary: "The connection was ended in the middle of a record's header",
	example:
		"a header at offset 55 needs 8 bytes and has 3 (01 06 00); then the application closed (FIN)",
	on: "bytesSkipped",
	look(event, facts) {
		const ending = cutHeader(event, facts);
		if (ending === undefined) return undefined;
		return `a header at offset ${event.offset} needs ${FCGI_HEADER_LEN} bytes and has ${event.length} (${hex(event.firstBytes)}); then ${WHO[event.from]} ${how(ending)}`;
	},
};
