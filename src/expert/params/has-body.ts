// Whether STDIN of a request is to be held against its parameters: both have to be known.

import type { FcgiRequest } from "../../inspect/request.js";

/** Number of FCGI_AUTHORIZER, which gets no body (section 6.3). */
const AUTHORIZER = 2;

/** Whether a request's parameters are all known, nothing of it is lost, and its role and fate leave it a body. */
export function hasBody(request: FcgiRequest): boolean {
	return (
		request.params.ended &&
		request.beginSeen &&
		!request.damaged &&
		!request.abortSeen &&
		request.parametersDamaged === undefined &&
		request.stdin.missing === 0 &&
		request.role !== AUTHORIZER
	);
}
