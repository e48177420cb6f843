// The exit status that an application reports (section 5.5).

import type { RecordCheck } from "../../inspect/check.js";

/** END_REQUEST with an appStatus other than 0. */
export const appStatus: RecordCheck = {
	code: "app-status",
	severity: "note",
	section: "5.5",
	summary: "The application reports an exit status other than 0",
	diagnosis:
		"It is what a CGI program would have passed to exit(). Web servers take no notice of it. With libfcgi a status that was set once stays for all later requests of the process",
	remedies: {
		any: "look into the application's log for why it gave up; set the status for each request anew",
		libfcgi: "FCGX_SetExitStatus(0, ...) for each request that went well",
	},
	example: "FCGI_END_REQUEST says appStatus 9",
	on: "record",
	kinds: ["endRequest"],
	look({ record, request, unexpected }) {
		if (record.kind !== "endRequest" || record.body === undefined) {
			return undefined;
		}
		const { appStatus: status, protocolStatus } = record.body;
		if (status === 0 || protocolStatus !== 0) return undefined;
		if (request === undefined || unexpected !== undefined) return undefined;
		const signed = status | 0;
		return `FCGI_END_REQUEST says appStatus ${status}${signed < 0 ? ` (${signed} as a signed number)` : ""}`;
	},
};
