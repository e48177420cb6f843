// PARAMS of a size that web servers have limits for.

import type { RequestCheck } from "../../inspect/check.js";
import type { Param } from "../../inspect/request.js";
import { named } from "../words.js";

/** PARAMS come near the most that nginx can send: one record. */
export const paramsLarge: RequestCheck = {
	code: "params-large",
	severity: "note",
	section: "3.4",
	summary: "The parameters are very large",
	diagnosis:
		"nginx sends all parameters in one record, so 65,535 bytes are the most; HAProxy has to get them into one buffer, tune.bufsize, 16,384 bytes by default. Beyond, the request fails in the web server and never reaches the application. Cookies are the usual cause",
	remedies: {
		any: "make cookies and other header fields smaller, or drop those that the application does not read",
		HAProxy: "raise tune.bufsize",
		nginx: "large_client_header_buffers limits what a client may send",
	},
	logs: {
		nginx: ["fastcgi request record is too big: …"],
		HAProxy: ["IH--"],
		Apache: ["AH02536: couldn't encode envvar …"],
	},
	example:
		"PARAMS has 50035 bytes in 2 parameters; the largest are HTTP_FILLER (50000), REQUEST_METHOD (3); nginx can send 65535, HAProxy what tune.bufsize holds, 16384 by default",
	on: "paramsEnded",
	look(request) {
		const { params, parameters } = request;
		if (params.bytes <= LARGE) return undefined;
		const largest = parameters
			.map((param) => ({ name: param.name, bytes: valueBytes(param) }))
			.sort((a, b) => b.bytes - a.bytes)
			.slice(0, SHOWN)
			.map(({ name, bytes }) => `${named(name)} (${bytes})`)
			.join(", ");
		return `PARAMS has ${params.bytes} bytes in ${parameters.length} parameters; the largest are ${largest}; nginx can send 65535, HAProxy what tune.bufsize holds, 16384 by default`;
	},
};

/** Three quarters of what nginx can send: a cookie more, and it is beyond. */
const LARGE = 48 * 1024;

/** How many of the largest are named. */
const SHOWN = 3;

function valueBytes({ value, latin1 }: Param): number {
	return Buffer.byteLength(value, latin1 ? "latin1" : "utf8");
}
