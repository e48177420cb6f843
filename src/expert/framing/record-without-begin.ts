// Records of the web server for a request that it did not begin (section 5.1).

import type { UnexpectedCheck } from "../../inspect/check.js";
import { recordWithId } from "../evidence.js";
import { openIds } from "./open-ids.js";

/** The web server sends records of a request that it did not begin. */
export const recordWithoutBegin: UnexpectedCheck = {
	code: "record-without-begin",
	severity: "error",
	section: "5.1",
	summary: "The web server sent a record for a request that it did not begin",
	diagnosis:
		"A request begins with FCGI_BEGIN_REQUEST. Applications ignore such a record, or close the connection",
	remedies: {
		any: "send FCGI_BEGIN_REQUEST first, with the same request id",
	},
	example:
		"FCGI_PARAMS with requestIdB1 0x00, requestIdB0 0x02 = 2 from the web server; open is 1",
	on: "unexpected",
	reasons: ["inactiveId"],
	look: ({ from, record }, facts) =>
		from === "webServer"
			? `${recordWithId(record.type, record.requestId)} from the web server; ${openIds(facts)}`
			: undefined,
};
