// Row 25 of the catalogue: STDIN ended before the body was whole.

import type { RecordCheck } from "../../inspect/check.js";
import { announcedLength } from "../content-length.js";

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
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
	},
	example: "CONTENT_LENGTH says 10, STDIN carried 4, its end was seen",
	on: "record",
	kinds: ["stdin"],
	look({ record, request, unexpected, streamOffset }) {
		if (record.contentLength > 0 || unexpected !== undefined) return undefined;
		if (request === undefined || request.damaged) return undefined;
		const announced = announcedLength(request);
		if (announced === undefined || streamOffset >= announced) return undefined;
		return `CONTENT_LENGTH says ${announced}, STDIN carried ${streamOffset}, its end was seen`;
	},
};
