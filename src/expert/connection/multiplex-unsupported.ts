// Requests at once on one connection, to an application that takes one at a time (specification, section 3.3).

import type { RequestCheck } from "../../inspect/check.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { counted } from "../words.js";

const CANT_MPX_CONN = 1;

/** A request began while another was open, and the application cannot do that. */
export const multiplexUnsupported: RequestCheck = {
	code: "multiplex-unsupported",
	severity: "error",
	once: "connection",
	section: "3.3",
	summary:
		"The web server multiplexes requests on a connection, and the application cannot",
	diagnosis:
		"php, libfcgi and most others work on one request of a connection at a time. libfcgi refuses the second with CANT_MPX_CONN; php mixes both up, and closes",
	remedies: {
		HAProxy: "no option mpxs-conns in the fcgi-app section",
		any: "open a connection for each request, or send the next one behind END_REQUEST",
	},
	example:
		"request id 2 began while 1 other request was open; the application answered CANT_MPX_CONN",
	on: "requestEnded",
	look(request, facts) {
		const { openBeside } = request;
		const why = cannotMultiplex(request, facts);
		if (why === undefined) return undefined;
		return `request id ${request.requestId} began while ${counted(openBeside, "other request")} ${openBeside === 1 ? "was" : "were"} open; ${why}`;
	},
};

/** How it is known that a request should not have begun beside another; undefined where it did not, or may. */
export function cannotMultiplex(
	{ openBeside, protocolStatus }: FcgiRequest,
	{ values, application, damaged, connection }: ConnectionFacts,
): string | undefined {
	if (openBeside === 0 || damaged || !connection.startSeen) return undefined;
	if (protocolStatus === CANT_MPX_CONN) {
		return "the application answered CANT_MPX_CONN";
	}
	if (values.get("FCGI_MPXS_CONNS") === "0") {
		return "the application had said FCGI_MPXS_CONNS=0";
	}
	return application.answersTell && application.software?.name === "php"
		? "the application is probably php, which takes one at a time"
		: undefined;
}
