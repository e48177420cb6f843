// FCGI_UNKNOWN_TYPE as it is meant: the answer to a management record that the application does not know (section 4.2).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";
import { isUnasked } from "./unasked.js";

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
