// Lines of the header block that are no header fields (RFC 3875, section 6.3).

import type { CgiResponse } from "../../inspect/cgi-response.js";
import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";
import { isStatusLine } from "./status-line.js";

/** The header block has lines that are no header fields. */
export const badCgiHeader: RequestCheck = {
	code: "bad-cgi-header",
	severity: "error",
	section: "RFC 3875 6.3",
	summary:
		"The header block of the response has a line that is no header field",
	diagnosis:
		"Text came out before the headers, or instead of them: a warning of the runtime that is displayed, a byte order mark in front of the first tag, or a program that writes its body only. nginx, lighttpd and HAProxy answer with status 502, Apache with 500, or it takes all for the body",
	remedies: {
		php: "display_errors=Off and display_startup_errors=Off, log_errors=On; save scripts without a byte order mark",
		any: "write a head, such as Content-Type, and an empty line before anything else",
	},
	logs: {
		nginx: [
			'upstream sent invalid header: "…" while reading response header from upstream',
			"upstream sent invalid header while reading response header from upstream",
		],
		Apache: [
			"malformed header from script '…': Bad header:…",
			"AH01070: Error parsing script headers",
		],
		HAProxy: ["PH--"],
	},
	example: '"this is not a header" has no colon',
	on: "responseHead",
	look({ response }) {
		if (response === undefined) return undefined;
		const bad = firstBad(response);
		if (bad === undefined) return undefined;
		const message = `${quoted(bad)} ${reasonOf(bad)}`;
		return isTaken(bad) ? { severity: "warning", message } : message;
	},
};

/** The first line that is bad; a status line has a check of its own. */
function firstBad({ badLines, headers }: CgiResponse): string | undefined {
	const line = badLines.find((bad, i) => i > 0 || !isStatusLine(bad));
	if (line !== undefined) return line;
	for (let i = 0; i < headers.length; i++) {
		const [name, value] = headers[i] as (typeof headers)[number];
		if (!TOKEN.test(name) || value.includes("\0")) return `${name}: ${value}`;
	}
	return undefined;
}

/** A field name (RFC 9110, section 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether nginx passes a line on as a field all the same: nothing but its name is odd, and has no blank. */
function isTaken(line: string): boolean {
	return TAKEN.test(line);
}

const TAKEN = /^[^\0-\x20\x7f:]+:[^\0]*$/;

/** The messages of php, plain or as HTML. */
const PHP_TEXT =
	/^(?:<br \/>|(?:<b>|PHP )?(?:Warning|Notice|Deprecated|Fatal error|Parse error)\b)/;

function reasonOf(line: string): string {
	if (/^(?:\ufeff|\u00ef\u00bb\u00bf)/.test(line)) {
		return "starts with a byte order mark (ef bb bf)";
	}
	if (line.includes("\0")) return "has a NUL byte";
	if (PHP_TEXT.test(line)) return "is a message of php: display_errors is on";
	if (/^[ \t]/.test(line)) return "starts with a blank";
	return line.includes(":")
		? "has a name with characters that no field name has"
		: "has no colon";
}
