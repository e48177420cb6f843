// An answer under a request id that was never begun (section 3.3).

import type { UnexpectedCheck } from "../../inspect/check.js";
import { recordWithId } from "../evidence.js";
import { ID_LOGS, openIds } from "./open-ids.js";

/** The application answers under an id that was not asked. */
export const wrongRequestId: UnexpectedCheck = {
	code: "wrong-request-id",
	severity: "error",
	section: "3.3",
	summary: "The application answered with a request id that was not begun",
	diagnosis:
		"The id of a record is that of the BEGIN_REQUEST it answers; the application has one of its own, or swaps its two bytes. nginx and Apache fail the request, HAProxy waits until its timeout, lighttpd does not look",
	remedies: {
		any: "answer with the request id of BEGIN_REQUEST, high byte first, in every record",
	},
	logs: ID_LOGS,
	example:
		"FCGI_STDOUT with requestIdB1 0x01, requestIdB0 0x00 = 256 from the application; open is 1, which its bytes swapped are: the byte order is wrong",
	on: "unexpected",
	reasons: ["inactiveId"],
	look({ from, record: { type, requestId } }, facts) {
		if (from !== "application") return undefined;
		const swapped = ((requestId & 0xff) << 8) | (requestId >> 8);
		const order =
			swapped !== requestId && facts.open.has(swapped)
				? `, ${facts.open.size === 1 ? "which" : `and ${swapped} is what`} its bytes swapped are: the byte order is wrong`
				: "";
		return `${recordWithId(type, requestId)} from the application; ${openIds(facts)}${order}`;
	},
};
