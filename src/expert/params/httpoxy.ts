// The Proxy header field of a client as the variable that many programs take for the proxy of outgoing calls.

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";

/** HTTP_PROXY among the parameters. */
export const httpoxy: RequestCheck = {
	code: "httpoxy",
	severity: "warning",
	section: "RFC 3875 4.1.18",
	summary: "A client's Proxy header field is passed on as HTTP_PROXY",
	diagnosis:
		"Libraries that read HTTP_PROXY from their environment send their own calls through the proxy that the client names. php hides it from getenv, other runtimes do not",
	remedies: {
		nginx: 'fastcgi_param HTTP_PROXY "";',
		Apache: "RequestHeader unset Proxy early",
		HAProxy: "http-request del-header Proxy",
		Caddy: "request_header -Proxy",
		any: "drop the Proxy header field before the request is passed on",
	},
	example: 'HTTP_PROXY is "http://evil.example:8080"',
	on: "paramsEnded",
	// An empty value is the remedy.
	look(request) {
		const value = request.param("HTTP_PROXY");
		return value === undefined || value === ""
			? undefined
			: `HTTP_PROXY is ${quoted(value)}`;
	},
};
