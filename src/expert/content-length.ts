// What CONTENT_LENGTH says of the body in STDIN (RFC 3875, section 4.1.2).

import type { FcgiRequest } from "../inspect/request.js";

/** The number of bytes; undefined where it is absent, empty or no number. */
export function announcedLength(
	request: FcgiRequest | undefined,
): number | undefined {
	const text = request?.param("CONTENT_LENGTH");
	return text !== undefined && /^\d{1,15}$/.test(text)
		? Number(text)
		: undefined;
}
