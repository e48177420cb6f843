// A status that is no number of three digits (RFC 3875, section 6.3.3).

import type { RequestCheck } from "../../inspect/check.js";
import { headField } from "../head-field.js";
import { quoted } from "../words.js";

/** The Status field has no status code. */
export const badStatus: RequestCheck = {
	code: "bad-status",
	severity: "error",
	section: "RFC 3875 6.3.3",
	summary: "The status of the response is not a number of three digits",
	diagnosis:
		"The application's Status field has to be three digits, a blank and a reason. nginx and lighttpd answer with 502, Apache with 500, and HAProxy hands the text on to the client",
	remedies: { any: "send Status: 200 OK, or no Status at all" },
	logs: {
		nginx: [
			'upstream sent invalid status "…" while reading response header from upstream',
		],
		Apache: ["Invalid status line from script '…': …"],
	},
	example: 'Status says "banana"',
	on: "responseHead",
	look({ response }) {
		if (response === undefined || response.status !== undefined) {
			return undefined;
		}
		const field = headField(response, "status");
		// Stars are what a redactor leaves: what they stand for is not known.
		if (/^\*+$/.test(field ?? "")) return undefined;
		return field === undefined
			? `the status line says ${quoted(response.badLines[0] ?? "")}`
			: `Status says ${quoted(field)}`;
	},
};
