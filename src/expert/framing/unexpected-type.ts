// Records of a type that the specification does not define, or that only the other end sends (sections 4.2 and 8).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck, UnexpectedCheck } from "../../inspect/check.js";
import type { RecordEvent } from "../../inspect/event.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import { quoted } from "../evidence.js";

/** What servers log of a type that they did not ask for. */
const LOGS = {
	nginx: [
		"upstream sent invalid FastCGI record type: … while reading response header from upstream",
		"upstream sent invalid FastCGI record type: … while reading upstream",
	],
	Apache: ["AH01072: Got bogus record …"],
	lighttpd: ["FastCGI: header.type not handled: …"],
} as const;

/** The sender has no business to send this type. */
export const unexpectedType: UnexpectedCheck = {
	code: "unexpected-type",
	severity: "error",
	section: "8",
	summary: "A record has a type that its sender does not send",
	diagnosis:
		"nginx fails the request for it; Apache, lighttpd and HAProxy pass the record over. Of a management record of a type that it does not know an application says FCGI_UNKNOWN_TYPE; php closes the connection instead",
	remedies: {
		any: "send only the types that the specification has for this end: 3, 6, 7, 10 and 11 for an application",
	},
	logs: LOGS,
	example:
		'type 99 from the application, with request id 1 and 3 bytes of content "abc": the specification does not define it',
	on: "unexpected",
	reasons: ["unknownType", "wrongDirection"],
	look({ from, record, unexpected }) {
		const who = from === "webServer" ? "the web server" : "the application";
		if (unexpected === "wrongDirection") {
			return `${recordTypeName(record.type)} (type ${record.type}) from ${who}: only the other end sends it`;
		}
		const { type, requestId, contentLength, contentData } = record;
		const start = quoted(contentData.subarray(0, 32).toString("latin1"));
		const text = contentLength === 0 ? "" : ` ${start}`;
		const message = `type ${type} from ${who}, with request id ${requestId} and ${contentLength} bytes of content${text}: the specification does not define it`;
		// Asking for what may come in a later version is what the type number of a management record is for.
		return from === "webServer" && requestId === 0
			? { severity: "note", message }
			: message;
	},
};

/** The application did not know a management record, and says so, as it should. */
export const unknownTypeAnswer: RecordCheck = {
	code: "unknown-type-answer",
	severity: "note",
	section: "4.2",
	summary: "The application does not know a management record",
	diagnosis:
		"It answered as the specification wants it to. The web server has to do without what it asked for",
	remedies: { any: "send no management records that the application lacks" },
	example: "FCGI_UNKNOWN_TYPE says that the application does not know type 77",
	on: "record",
	kinds: ["unknownType"],
	look(event, facts) {
		if (event.unexpected !== undefined || isUnasked(event, facts)) {
			return undefined;
		}
		const { record } = event;
		if (record.kind !== "unknownType" || record.body === undefined) {
			return undefined;
		}
		const { type } = record.body;
		return `FCGI_UNKNOWN_TYPE says that the application does not know type ${type}${type <= 11 ? ` (${recordTypeName(type)})` : ""}`;
	},
};

/** An answer of the management kind that nobody asked for. */
export const unaskedManagement: RecordCheck = {
	code: "unasked-management-record",
	severity: "error",
	section: "4",
	summary: "The application sent a management record that was not asked for",
	diagnosis:
		"Management records of the application are answers to those of the web server, and it asked for none. nginx and Apache fail the request, since no request has the id 0",
	remedies: {
		any: "send FCGI_GET_VALUES_RESULT and FCGI_UNKNOWN_TYPE in answer to a management record only",
	},
	logs: {
		...LOGS,
		Apache: [
			"AH01069: Got bogus rid 0, expected …",
			"(22)Invalid argument: AH01075: Error dispatching request to …",
		],
	},
	example:
		"FCGI_GET_VALUES_RESULT at offset 0, and the web server sent no FCGI_GET_VALUES",
	on: "record",
	kinds: ["getValuesResult", "unknownType"],
	look(event, facts) {
		if (event.unexpected !== undefined || !isUnasked(event, facts)) {
			return undefined;
		}
		const { record } = event;
		const asked =
			record.kind === "getValuesResult"
				? "FCGI_GET_VALUES"
				: "management record";
		return `${recordTypeName(record.type)} at offset ${record.offset}, and the web server sent no ${asked}`;
	},
};

/** Whether the input shows all that the web server sent, and no question among it. */
function isUnasked({ record }: RecordEvent, facts: ConnectionFacts): boolean {
	const { connection, records, valuesAsked, unknownAsked } = facts;
	if (valuesAsked > 0) return false;
	if (record.kind === "unknownType" && unknownAsked > 0) return false;
	return (
		connection.startSeen &&
		connection.inputLags !== true &&
		records.webServer > 0 &&
		!facts.damaged
	);
}
