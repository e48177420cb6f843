// Records whose body has a fixed length, and that have another (section 8).

import { recordType, recordTypeName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";
import { hex } from "../evidence.js";

/** A discrete record with too much or too little content. */
export const bodyLength: UnexpectedCheck = {
	code: "body-length",
	severity: "error",
	section: "8",
	summary: "A record's content does not have the length that its type asks for",
	diagnosis:
		"The bodies of BEGIN_REQUEST, END_REQUEST and UNKNOWN_TYPE have eight bytes, that of ABORT_REQUEST none. For a BEGIN_REQUEST of another length php resets the connection without a word in its log; web servers take no notice of an END_REQUEST's",
	remedies: { any: "write the body with its reserved bytes, eight in all" },
	logs: {
		nginx: [
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		],
	},
	example:
		"FCGI_BEGIN_REQUEST has 9 bytes of content (00 01 00 00 00 00 00 00 00), not 8",
	on: "unexpected",
	reasons: ["bodyLength"],
	look({ record }) {
		const { type, contentLength, contentData } = record;
		const row = recordType(type);
		const bytes =
			contentLength > 0 && contentLength <= 16 ? ` (${hex(contentData)})` : "";
		const message = `${recordTypeName(type)} has ${contentLength} bytes of content${bytes}, not ${row?.bodyLength ?? 0}`;
		return record.kind === "beginRequest"
			? message
			: { severity: "warning", message };
	},
};
