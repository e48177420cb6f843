// Management records with the id of a request (section 3.3).

import type { UnexpectedCheck } from "../../inspect/check.js";
import { recordWithId } from "../evidence.js";

/** A management record with the id of a request. */
export const managementWithId: UnexpectedCheck = {
	code: "management-with-id",
	severity: "error",
	section: "3.3",
	summary: "A management record has a request id other than 0",
	diagnosis:
		"Management records, types 9 to 11, belong to no request. HAProxy closes the connection for it, others take no notice, or take it for a record of that request",
	remedies: { any: "send management records with the request id 0" },
	example:
		"FCGI_GET_VALUES_RESULT with requestIdB1 0x00, requestIdB0 0x01 = 1, not 0",
	on: "unexpected",
	reasons: ["managementWithId"],
	look: ({ record }) => `${recordWithId(record.type, record.requestId)}, not 0`,
};
