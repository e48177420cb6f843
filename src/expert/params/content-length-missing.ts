// A body whose length is not announced (RFC 3875, section 4.1.2).

import type { RecordCheck } from "../../inspect/check.js";
import { announcedLength } from "../content-length.js";
import { counted, quoted } from "../words.js";
import { hasBody } from "./has-body.js";

/** STDIN carries a body, and CONTENT_LENGTH does not say how long it is. */
export const contentLengthMissing: RecordCheck = {
	code: "content-length-missing",
	severity: "error",
	section: "RFC 3875 4.1.2",
	summary: "STDIN carries a body whose length CONTENT_LENGTH does not say",
	diagnosis:
		"Without CONTENT_LENGTH php reads no body at all; with -1 it waits for one that never ends. The client probably sent the body in chunks, and the web server passed it on as it came",
	remedies: {
		nginx: "fastcgi_request_buffering on",
		Apache: "SetEnvIf Transfer-Encoding chunked proxy-sendcl=1",
		Caddy: "request_buffers in the reverse_proxy block",
		any: "collect the body before it is passed on, and announce its length",
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
	},
	example:
		"there is no CONTENT_LENGTH, and STDIN begins with a record of 4 bytes",
	on: "record",
	kinds: ["stdin"],
	look({ record, request, unexpected, streamOffset }) {
		if (record.contentLength === 0 || streamOffset > 0) return undefined;
		if (unexpected !== undefined || request?.role !== RESPONDER) {
			return undefined;
		}
		if (announcedLength(request) !== undefined || !hasBody(request)) {
			return undefined;
		}
		const text = request.param("CONTENT_LENGTH");
		// Stars are what a redactor leaves: what they stand for is not known.
		if (/^\*+$/.test(text ?? "")) return undefined;
		const says =
			text === undefined
				? "there is no CONTENT_LENGTH"
				: text === ""
					? "CONTENT_LENGTH is empty"
					: `CONTENT_LENGTH is ${quoted(text)}, which is no length`;
		const encoding = request.param("HTTP_TRANSFER_ENCODING");
		const chunked =
			encoding === undefined
				? ""
				: `; HTTP_TRANSFER_ENCODING is ${quoted(encoding)}`;
		return `${says}, and STDIN begins with a record of ${counted(record.contentLength, "byte")}${chunked}`;
	},
};

/** Number of FCGI_RESPONDER. */
const RESPONDER = 1;
