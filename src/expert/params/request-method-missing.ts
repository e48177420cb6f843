// A request without a method (RFC 3875, section 4.1.12).

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";

/** A web server speaks CGI and does not say the method. */
export const requestMethodMissing: RequestCheck = {
	code: "request-method-missing",
	severity: "note",
	section: "RFC 3875 4.1.12",
	summary: "There is no REQUEST_METHOD",
	diagnosis:
		"CGI/1.1 asks for it in every request. php runs the script without it and reads no body; others refuse the request",
	remedies: {
		any: "send REQUEST_METHOD",
		nginx: "include fastcgi_params, or fastcgi.conf",
	},
	example:
		'GATEWAY_INTERFACE is "CGI/1.1", and none of the 1 parameters is REQUEST_METHOD',
	on: "paramsEnded",
	look(request) {
		if (request.param("REQUEST_METHOD") !== undefined) return undefined;
		// Health checks and the like send what their application needs, and claim nothing.
		const gateway = request.param("GATEWAY_INTERFACE");
		if (gateway === undefined || request.role !== RESPONDER) return undefined;
		if (!request.params.ended || request.parametersDamaged !== undefined) {
			return undefined;
		}
		return `GATEWAY_INTERFACE is ${quoted(gateway)}, and none of the ${request.parameters.length} parameters is REQUEST_METHOD`;
	},
};

/** Number of FCGI_RESPONDER. */
const RESPONDER = 1;
