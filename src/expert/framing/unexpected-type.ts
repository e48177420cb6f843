// Records of a type that the specification does not define, or that only the other end sends (sections 4.2 and 8).

import { type Peer, recordTypeName } from "../../fastcgi/constants.js";
import type { Remedies, UnexpectedCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";
import { TYPE_LOGS } from "./unasked.js";

/** The sender has no business to send this type. */
export const unexpectedType: UnexpectedCheck = {
	code: "unexpected-type",
	severity: "error",
	section: "8",
	summary: "A record has a type that its sender does not send",
	diagnosis:
		"nginx fails the request for it; Apache, lighttpd and HAProxy ignore the record. Of a management record of a type that it does not know an application says FCGI_UNKNOWN_TYPE; php closes the connection instead",
	remedies: {
		any: "send only the types that the specification has for this end: 1, 2, 4, 5, 8 and 9 for a web server, 3, 6, 7, 10 and 11 for an application",
	},
	logs: TYPE_LOGS,
	example:
		'type 99 from the application, with request id 1 and 3 bytes of content "abc": the specification does not define it',
	on: "unexpected",
	reasons: ["unknownType", "wrongDirection"],
	look({ from, record, unexpected }) {
		const who = from === "webServer" ? "the web server" : "the application";
		if (unexpected === "wrongDirection") {
			const message = `${recordTypeName(record.type)} (type ${record.type}) from ${who}: only the other end sends it`;
			return { message, remedies: TYPES_OF[from] };
		}
		const { type, requestId, contentLength, contentData } = record;
		const start = quoted(contentData.subarray(0, 32).toString("latin1"));
		const text = contentLength === 0 ? "" : ` ${start}`;
		const message = `type ${type} from ${who}, with request id ${requestId} and ${contentLength} bytes of content${text}: the specification does not define it`;
		// Asking for what may come in a later version is what the type number of a management record is for.
		return from === "webServer" && requestId === 0
			? { severity: "note", message, remedies: TYPES_OF[from] }
			: { message, remedies: TYPES_OF[from] };
	},
};

/** The remedy for each end: the types that it has to send (section 8). */
const TYPES_OF: Readonly<Record<Peer, Remedies>> = {
	webServer: {
		any: "send only the types that the specification has for a web server: 1, 2, 4, 5, 8 and 9",
	},
	application: {
		any: "send only the types that the specification has for an application: 3, 6, 7, 10 and 11",
	},
};
