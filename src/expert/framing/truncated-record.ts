// A record of which the sender wrote the beginning only, before it ended the connection (section 3.3).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { CutRecordCheck } from "../../inspect/check.js";
import { CUT_RECORD_WORDS, how, ownEnding, WHO } from "./cut-record.js";

/** A record that lacks its end. */
export const truncatedRecord: CutRecordCheck = {
	...CUT_RECORD_WORDS,
	example:
		"FCGI_STDOUT at offset 0 needs 45 + 3 bytes behind its header and has 21; then the application closed (FIN)",
	on: "cutRecord",
	look({ from, record, request }, facts) {
		const ending = ownEnding(from, facts);
		if (ending === undefined || !record.truncated) return undefined;
		const { contentLength, paddingLength, contentData, holes } = record;
		// Where bytes in its midst are missing, those at its end may be, too.
		const inMidst = holes.some(({ at }) => at < contentData.length);
		if (facts.damaged || inMidst) return undefined;
		const has = contentData.length + record.paddingData.length;
		const message = `${recordTypeName(record.type)} at offset ${record.offset} needs ${contentLength} + ${paddingLength} bytes behind its header and has ${has}; then ${WHO[from]} ${how(ending)}`;
		if (from === "application") return message;
		// What was answered needs no more input; and a web server that gives up, as when its client went away, owes no rest.
		return request === undefined || request.state !== "open"
			? undefined
			: { severity: "warning", message };
	},
};
