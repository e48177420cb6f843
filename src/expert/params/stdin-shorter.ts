// STDIN that ends before the body is whole (section 6.2).

import type { RecordCheck } from "../../inspect/check.js";
import { announcedLength } from "../content-length.js";
import { hasBody } from "./has-body.js";

/** STDIN carried fewer bytes than CONTENT_LENGTH says. */
export const stdinShorter: RecordCheck = {
	code: "stdin-shorter-than-content-length",
	severity: "error",
	section: "6.2",
	summary: "STDIN ended before it had as many bytes as CONTENT_LENGTH says",
	diagnosis:
		"The web server passed on less of the body than it announced: its client went away, or the body came in chunks that it did not collect. php waits for the missing bytes even after the end of STDIN, so the request hangs until a timeout",
	remedies: {
		nginx: "fastcgi_request_buffering on",
		Apache: "SetEnvIf Transfer-Encoding chunked proxy-sendcl=1",
		Caddy: "request_buffers in the reverse_proxy block",
		any: "collect the body before it is passed on, and announce what there is",
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
		Apache: [
			"(70007)The timeout specified has expired: AH01075: Error dispatching request to … (polling)",
		],
		HAProxy: ["sH--"],
	},
	example:
		"CONTENT_LENGTH says 10, STDIN carried 4, its end was seen: 6 bytes are missing",
	on: "record",
	kinds: ["stdin"],
	look({ record, request, unexpected, streamOffset }) {
		if (record.contentLength > 0 || unexpected !== undefined) return undefined;
		if (request === undefined || !hasBody(request)) return undefined;
		const announced = announcedLength(request);
		if (announced === undefined || streamOffset >= announced) return undefined;
		const missing = announced - streamOffset;
		return `CONTENT_LENGTH says ${announced}, STDIN carried ${streamOffset}, its end was seen: ${missing} ${missing === 1 ? "byte is" : "bytes are"} missing`;
	},
};
