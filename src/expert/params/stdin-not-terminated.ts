// STDIN without the empty record that ends it (section 3.3).

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { announcedLength } from "../content-length.js";
import { counted } from "../words.js";
import { hasBody } from "./has-body.js";

/** The body is whole, and STDIN never ended. */
export const stdinNotTerminated: RequestCheck = {
	code: "stdin-not-terminated",
	severity: "error",
	section: "3.3",
	summary: "STDIN was never ended by its empty record",
	diagnosis:
		"An application that reads STDIN up to its end waits for the empty record, and the request hangs until somebody's timeout. The web server has to send it for a request without a body, too",
	remedies: {
		any: "send an empty FCGI_STDIN record behind the body, or behind PARAMS where there is none",
		HAProxy:
			"update: older versions leave it out for an empty body over HTTP/2",
	},
	logs: {
		HAProxy: ["sH--"],
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
	},
	example:
		"CONTENT_LENGTH says 4, STDIN has 4 bytes and no empty record behind them; the web server closed",
	on: "requestEnded",
	look(request, facts) {
		if (request.stdin.ended || request.state === "aborted") return undefined;
		if (request.role !== RESPONDER || facts.connection.inputLags) {
			return undefined;
		}
		if (!hasBody(request)) return undefined;
		const announced = announcedLength(request) ?? 0;
		// Where more came than was announced, or nothing was announced, that is what is wrong.
		if (request.stdin.bytes !== announced) return undefined;
		const why = whyItCountsAsNeverEnded(request);
		if (why === undefined) return undefined;
		const { bytes } = request.stdin;
		const has =
			bytes === 0
				? "there is no body, and no empty STDIN record behind PARAMS"
				: `CONTENT_LENGTH says ${announced}, STDIN has ${counted(bytes, "byte")} and no empty record behind them`;
		return `${has}; ${why}`;
	},
};

/** Number of FCGI_RESPONDER. */
const RESPONDER = 1;

/** The application may answer before the empty record comes. A second is far longer than a web server needs to send it. */
const LONG_ENOUGH = 1;

function whyItCountsAsNeverEnded(request: FcgiRequest): string | undefined {
	if (request.state === "rejected") return undefined;
	if (request.state === "incomplete" && request.closedBy === "webServer") {
		return `the web server closed`;
	}
	const { longestGap, longestGapBefore } = request;
	if (longestGap === undefined || longestGap < LONG_ENOUGH) return undefined;
	switch (longestGapBefore) {
		case "stdout":
		case "stderr":
		case "endRequest":
		case "closing":
			return `nothing came for ${longestGap.toFixed(1)} s`;
		default:
			return undefined;
	}
}
