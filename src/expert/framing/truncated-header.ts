// A header of which the sender wrote the beginning only, before it ended the connection (section 3.3).

import { FCGI_HEADER_LEN, FCGI_VERSION_1 } from "../../fastcgi/constants.js";
import type { SkippedCheck } from "../../inspect/check.js";
import { hex } from "../evidence.js";
import { CUT_RECORD_WORDS, how, ownEnding, WHO } from "./cut-record.js";

/** A header that lacks its end. */
export const truncatedHeader: SkippedCheck = {
	...CUT_RECORD_WORDS,
	code: "truncated-header",
	summary: "The connection was ended in the middle of a record's header",
	example:
		"a header at offset 55 needs 8 bytes and has 3 (01 06 00); then the application closed (FIN)",
	on: "bytesSkipped",
	look(event, facts) {
		const { from, length, firstBytes, offset, until } = event;
		if (until !== "end" || length >= FCGI_HEADER_LEN) return undefined;
		if (firstBytes[0] !== FCGI_VERSION_1 || facts.damaged) return undefined;
		if (!facts.connection.startSeen && facts.last(from) === undefined) {
			return undefined;
		}
		const ending = ownEnding(from, facts);
		if (ending === undefined) return undefined;
		const message = `a header at offset ${offset} needs ${FCGI_HEADER_LEN} bytes and has ${length} (${hex(firstBytes)}); then ${WHO[from]} ${how(ending)}`;
		return from === "webServer" ? { severity: "warning", message } : message;
	},
};
