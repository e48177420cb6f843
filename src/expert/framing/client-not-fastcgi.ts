// A client that speaks another protocol to an application.

import type { SkippedCheck } from "../../inspect/check.js";
import { isAllThereIs, whatItIs } from "./foreign-bytes.js";

/** The web server, or whoever connected, speaks another protocol. */
export const clientNotFastcgi: SkippedCheck = {
	code: "client-not-fastcgi",
	severity: "error",
	section: "3.3",
	summary: "What was sent to the application is not FastCGI",
	diagnosis:
		"Something that is no FastCGI client connected: a browser, a health check or a proxy that speaks HTTP. php-fpm resets such a connection without a word in its log",
	remedies: {
		any: "put a web server in front that speaks FastCGI, and let health checks use it, or cgi-fcgi",
		nginx: "fastcgi_pass in place of proxy_pass",
		HAProxy: "proto fcgi on the server line, and use-fcgi-app",
	},
	logs: {
		nginx: [
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		],
	},
	example:
		'HTTP: the first of 18 bytes are "GET / HTTP/1.1\\r\\n" (47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a)',
	on: "bytesSkipped",
	look: (event, facts) =>
		event.from === "webServer" && isAllThereIs(event, facts)
			? whatItIs(event)
			: undefined,
};
