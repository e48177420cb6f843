// A response whose STDOUT ended before its head was whole (specification, section 6.2).

import type { RequestCheck } from "../../inspect/check.js";
import { unfinishedHead } from "./unfinished-head.js";

/** The empty STDOUT record came while the response's head was not whole. */
export const stdoutEndedBeforeHeaders: RequestCheck = {
	code: "stdout-ended-before-headers",
	severity: "error",
	section: "6.2",
	summary: "STDOUT ended before the header block of the response was whole",
	diagnosis:
		"The application closed its output without a header block, or without the empty line that ends one. Its script died early, or writes a body only",
	remedies: {
		any: "write a head, such as Status or Content-Type, and an empty line before the body",
	},
	logs: {
		nginx: [
			"upstream prematurely closed FastCGI stdout while reading response header from upstream",
		],
		Apache: ["End of script output before headers: …"],
		HAProxy: ["sH--"],
	},
	example:
		'STDOUT carried 25 bytes without an empty line: "Content-Type: text/plain\\n"; then its empty record came',
	on: "requestEnded",
	look(request) {
		if (request.response !== undefined || !request.stdout.ended) {
			return undefined;
		}
		if (request.state !== "complete" && request.state !== "incomplete") {
			return undefined;
		}
		const held = unfinishedHead(request);
		if (held === undefined) return undefined;
		return `${held}; then its empty record came`;
	},
};
