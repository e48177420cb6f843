// What became of FCGI_GET_VALUES, the question for what an application can (specification, section 4.1).

import type { ConnectionCheck } from "../../inspect/check.js";
import { duration } from "../words.js";
import { closeWord } from "./close-words.js";

/** GET_VALUES got no answer. */
export const getValuesUnanswered: ConnectionCheck = {
	code: "get-values-unanswered",
	severity: "note",
	section: "4.1",
	summary: "GET_VALUES got no GET_VALUES_RESULT",
	diagnosis:
		"The application does not know the record, as libfcgi, HHVM and ruby-fcgi do not. Who waits for the answer waits for ever",
	remedies: {
		HAProxy: "no option get-values in the fcgi-app section",
		any: "ask with a request in the place of GET_VALUES, such as php-fpm's ping.path",
	},
	example:
		"1 GET_VALUES, no GET_VALUES_RESULT, until the web server closed the connection (FIN) 1.500 s after its last record",
	on: "connectionClosed",
	look(facts) {
		const { valuesAsked, valuesAnswered, closedBy, ended, damaged } = facts;
		if (valuesAsked === 0 || valuesAnswered > 0 || damaged) return undefined;
		if (!facts.application.seen && ended.application === undefined) {
			return undefined;
		}
		if (!facts.connection.startSeen) return undefined;
		const end = closedBy === undefined ? undefined : ended[closedBy];
		if (end === undefined) return undefined;
		const last = facts.last("webServer");
		const after =
			last?.timestamp === undefined || end.timestamp === undefined
				? ""
				: ` ${duration(Math.max(end.timestamp - last.timestamp, 0))} after its last record`;
		const who = closedBy === "webServer" ? "web server" : "application";
		return `${valuesAsked} GET_VALUES, no GET_VALUES_RESULT, until the ${who} closed the connection (${closeWord(end.closing)})${after}`;
	},
};

/** The application closed the connection behind GET_VALUES_RESULT. */
export const getValuesCloses: ConnectionCheck = {
	code: "get-values-closes",
	severity: "note",
	section: "4.1",
	summary: "The application closed the connection behind GET_VALUES_RESULT",
	diagnosis:
		"php did that before version 8.2 (bug 76922), so a request behind GET_VALUES on the same connection was lost",
	remedies: {
		php: "a version that keeps the connection",
		HAProxy: "no option get-values in the fcgi-app section",
	},
	example:
		"GET_VALUES_RESULT was the last record; the application closed the connection (FIN) before a request",
	on: "connectionClosed",
	look(facts) {
		const { valuesAnswered, requests, closedBy, ended, damaged } = facts;
		if (valuesAnswered === 0 || requests > 0 || damaged) return undefined;
		if (closedBy !== "application" || !facts.connection.startSeen) {
			return undefined;
		}
		return `GET_VALUES_RESULT was the last record; the application closed the connection (${closeWord(ended.application?.closing)}) before a request`;
	},
};
