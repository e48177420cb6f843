// A request without a method (RFC 3875, section 4.1.12).

import type { Evidence, RequestCheck } from "../../inspect/check.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { counted, quoted } from "../words.js";

/** A request to php, or one that claims to be CGI, does not say the method. */
export const requestMethodMissing: RequestCheck = {
	code: "request-method-missing",
	severity: "error",
	section: "RFC 3875 4.1.12",
	summary: "There is no REQUEST_METHOD",
	diagnosis:
		"CGI/1.1 asks for it in every request. php-fpm ends a request without it: no script is run, the body is empty, the status is 200, or 404 for a file that is not there, and no log says anything. In nginx, a location with a fastcgi_param of its own inherits none of those around it",
	remedies: {
		nginx:
			"include fastcgi_params, or fastcgi.conf, in this very location, beside its own fastcgi_param",
		any: "send REQUEST_METHOD, and the other variables of CGI/1.1",
	},
	example:
		"2 parameters, none of them REQUEST_METHOD; php-fpm answered 200 with an empty body and ran no script",
	on: "requestEnded",
	look(request, facts) {
		if (request.param("REQUEST_METHOD") !== undefined) return undefined;
		if (request.role !== RESPONDER || !request.params.ended) return undefined;
		if (request.parametersDamaged !== undefined) return undefined;
		return ofPhp(request, facts) ?? ofCgi(request);
	},
};

/** Number of FCGI_RESPONDER. */
const RESPONDER = 1;

/** What php-fpm makes of it; undefined for other applications, and where something else came of it. */
function ofPhp(
	request: FcgiRequest,
	{ application }: ConnectionFacts,
): Evidence | undefined {
	if (application.software?.name !== "php") return undefined;
	const { response, parameters, state, stdout } = request;
	const none = `${counted(parameters.length, "parameter")}, none of them REQUEST_METHOD`;
	if (response === undefined) {
		return application.seen
			? undefined
			: {
					severity: "warning",
					message: `${none}; php-fpm ends such a request without running a script`,
				};
	}
	if (state !== "complete" || stdout.bytes > response.headBytes) {
		return undefined;
	}
	return `${none}; php-fpm answered ${response.status} with an empty body and ran no script`;
}

/** Health checks and the like send what their application needs, and claim nothing; others claim to speak CGI. */
function ofCgi(request: FcgiRequest): Evidence | undefined {
	const gateway = request.param("GATEWAY_INTERFACE");
	if (gateway === undefined) return undefined;
	return {
		severity: "note",
		message: `GATEWAY_INTERFACE is ${quoted(gateway)}, and none of the ${request.parameters.length} parameters is REQUEST_METHOD`,
	};
}
