// The status line of an HTTP response, which is no header field but stands in front of some header blocks: what programs
// send that were written for CGI without parsed headers (RFC 3875, section 5).

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";

/** Whether a line is a status line. */
export function isStatusLine(line: string): boolean {
	return /^HTTP\/\d/.test(line);
}

/** The header block starts with a status line. */
export const statusLine: RequestCheck = {
	code: "http-status-line",
	severity: "warning",
	section: "RFC 3875 6.3.3",
	summary: "The header block starts with a status line of HTTP",
	diagnosis:
		"The application answers as an HTTP server does. nginx and lighttpd take the status from it; Apache answers with 500 and HAProxy with 502",
	remedies: {
		any: "send the field Status: 200 OK in its place",
		php: 'header("Status: …") in the place of header("HTTP/1.1 …") with runtimes that pass it on',
	},
	logs: {
		Apache: [
			"malformed header from script '…': Bad header:…",
			"AH01070: Error parsing script headers",
		],
		HAProxy: ["PH--"],
	},
	example: 'the header block starts with "HTTP/1.1 200 OK"',
	on: "responseHead",
	look({ response }) {
		const line = response?.badLines[0];
		if (line === undefined || !isStatusLine(line)) return undefined;
		return `the header block starts with ${quoted(line)}`;
	},
};
