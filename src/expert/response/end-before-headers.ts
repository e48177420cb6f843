// A request that ended before there was a response: no head, or one without its empty line (specification, section 6.2).

import type { RequestCheck } from "../../inspect/check.js";
import { unfinishedHead } from "./unfinished-head.js";

/** END_REQUEST came while the response's head was not whole. */
export const endBeforeHeaders: RequestCheck = {
	code: "end-before-headers",
	severity: "error",
	section: "6.2",
	summary:
		"The request ended before the header block of its response was whole",
	diagnosis:
		"The application finished without a response: its script died before it wrote a header, or ended without one. A fatal error, an exit in a file that is prepended, and an extension that does not load do that; the text in STDERR, or else the application's own log, has the reason",
	remedies: {
		php: "look into the error log of php (log_errors, error_log; catch_workers_output in php-fpm)",
		libfcgi:
			"write a header such as Content-Type and an empty line before FCGX_Finish_r, in error paths, too",
		any: "have the application answer with a head at least: Status or Content-Type, then an empty line",
	},
	logs: {
		nginx: [
			"upstream sent unexpected FastCGI record: 3 while reading response header from upstream",
		],
		Apache: ["End of script output before headers: …"],
		HAProxy: ["sH--"],
	},
	example:
		'END_REQUEST came with appStatus 255 and protocolStatus 0; STDOUT carried nothing; STDERR says "PHP Fatal error:  Allowed memory size exhausted"',
	on: "requestEnded",
	look(request) {
		if (request.response !== undefined || request.stdout.ended) {
			return undefined;
		}
		if (request.state !== "complete") return undefined;
		const held = unfinishedHead(request);
		if (held === undefined) return undefined;
		const { appStatus = "none", protocolStatus = "none" } = request;
		return `END_REQUEST came with appStatus ${appStatus} and protocolStatus ${protocolStatus}; ${held}`;
	},
};
