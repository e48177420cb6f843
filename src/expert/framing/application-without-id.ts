// Records of a request with the id of none (section 3.3).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { UnexpectedCheck } from "../../inspect/check.js";
import { ID_LOGS, openIds } from "./open-ids.js";

/** A record of a request with the id of none. */
export const applicationWithoutId: UnexpectedCheck = {
	code: "application-without-id",
	severity: "error",
	section: "3.3",
	summary: "A record of a request has the request id 0",
	diagnosis:
		"The id 0 is for management records, types 9 to 11; a request has another. nginx and Apache fail the request, and libfcgi ends the connection",
	remedies: {
		any: "answer with the request id of BEGIN_REQUEST; begin requests with an id from 1 on",
	},
	logs: ID_LOGS,
	example:
		"FCGI_STDOUT (type 6) has request id 0 from the application; open is 1",
	on: "unexpected",
	reasons: ["applicationWithoutId"],
	look({ from, record: { type } }, facts) {
		const who = from === "webServer" ? "the web server" : "the application";
		return `${recordTypeName(type)} (type ${type}) has request id 0 from ${who}; ${openIds(facts)}`;
	},
};
