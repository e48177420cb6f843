// Management records of the application without a question of the web server (section 4).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";
import { isUnasked, TYPE_LOGS } from "./unasked.js";

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
		...TYPE_LOGS,
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
