// The fields of a response's head by their name, and what of the body they announce.

import type { CgiResponse } from "../inspect/cgi-response.js";
import type { FcgiRequest } from "../inspect/request.js";

/** The value of a header field, the last one where it is repeated; `name` in lower case. */
export function headField(
	{ headers }: CgiResponse,
	name: string,
): string | undefined {
	for (let i = headers.length - 1; i >= 0; i--) {
		const field = headers[i] as (typeof headers)[number];
		if (field[0].length === name.length && field[0].toLowerCase() === name) {
			return field[1];
		}
	}
	return undefined;
}

/** What Content-Length says of the body; undefined where it is absent or no number. */
export function declaredLength(response: CgiResponse): number | undefined {
	const text = headField(response, "content-length");
	return text !== undefined && /^\d{1,15}$/.test(text)
		? Number(text)
		: undefined;
}

/** Bytes of the body that came in STDOUT. */
export function bodyLength(
	{ stdout }: FcgiRequest,
	response: CgiResponse,
): number {
	return stdout.bytes - response.headBytes;
}

/** Whether what the HTTP client gets is another body than the one in STDOUT. */
export function hasOtherBody(
	request: FcgiRequest,
	response: CgiResponse,
): boolean {
	return (
		SENDFILE.some((name) => headField(response, name) !== undefined) ||
		isLocalRedirect(response) ||
		// An Authorizer that allows a request says nothing of the body (specification, section 6.3).
		(request.role === AUTHORIZER && response.status === 200)
	);
}

const AUTHORIZER = 2;

/** Fields that have the web server send a file, or another request's response, in its place. */
const SENDFILE = [
	"x-accel-redirect",
	"x-sendfile",
	"x-sendfile2",
	"x-lighttpd-send-file",
];

/** RFC 3875, section 6.2.2. */
function isLocalRedirect(response: CgiResponse): boolean {
	return (
		headField(response, "location")?.startsWith("/") === true &&
		headField(response, "status") === undefined
	);
}
