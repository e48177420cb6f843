// A request that the web server aborted, and what the application made of that (specification, section 5.4).

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { counted } from "../words.js";
import { timeLimit } from "./answer.js";
import { closeWord } from "./close-words.js";

/** ABORT_REQUEST was sent. */
export const abortRequest: RequestCheck = {
	code: "abort-request",
	severity: "note",
	section: "5.4",
	summary: "The web server aborted the request",
	diagnosis:
		"Its HTTP client went away, or the web server's time limit was over; its log says which. php and libfcgi read ABORT_REQUEST and run the script to its end all the same",
	remedies: {
		php: "ignore_user_abort and connection_aborted() tell whether a script goes on when its client has left",
		any: "let long requests look for the abort themselves, where their library tells of it",
	},
	example:
		"ABORT_REQUEST was sent; END_REQUEST came with appStatus 0, behind 20 bytes of STDOUT in all",
	on: "requestEnded",
	look(request) {
		if (!request.abortSeen) return undefined;
		// At a time limit of the web server, it is not its client that left.
		if (timeLimit(request) !== undefined) return undefined;
		return `ABORT_REQUEST was sent; ${outcome(request)}, behind ${counted(request.stdout.bytes, "byte")} of STDOUT in all`;
	},
};

function outcome(request: FcgiRequest): string {
	const { appStatus, closedBy, closing, records } = request;
	if (appStatus !== undefined) {
		return `END_REQUEST came with appStatus ${appStatus}`;
	}
	if (closedBy === undefined) {
		return `no END_REQUEST is in the ${counted(records, "record")} of it`;
	}
	const who = closedBy === "webServer" ? "web server" : "application";
	return `the ${who} closed the connection (${closeWord(closing)}) before END_REQUEST`;
}
