// FCGI_BEGIN_REQUEST for an id that is in use (section 3.3).

import type { UnexpectedCheck } from "../../inspect/check.js";
import { recordWithId } from "../evidence.js";

/** A request begins under the id of one that has not ended. */
export const idBegunAgain: UnexpectedCheck = {
	code: "id-begun-again",
	severity: "error",
	section: "3.3",
	summary: "A request began with the id of one that had not ended",
	diagnosis:
		"An id may serve again when FCGI_END_REQUEST has come. Until then the two answers cannot be told apart, and most applications close the connection",
	remedies: {
		any: "wait for FCGI_END_REQUEST before an id is used again, or take another id or connection",
	},
	example:
		"FCGI_BEGIN_REQUEST with requestIdB1 0x00, requestIdB0 0x01 = 1, and the request with this id has not ended",
	on: "unexpected",
	reasons: ["activeId"],
	look: ({ record }) =>
		`${recordWithId(record.type, record.requestId)}, and the request with this id has not ended`,
};
