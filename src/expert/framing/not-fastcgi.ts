// An application that answers in another protocol: its port belongs to something else.

import type { Remedies, SkippedCheck } from "../../inspect/check.js";
import type { BytesSkippedEvent } from "../../inspect/event.js";
import { isAllThereIs, whatItIs } from "./foreign-bytes.js";
import { protocolOf } from "./protocol.js";

/** The application answers in another protocol. */
export const notFastcgi: SkippedCheck = {
	code: "not-fastcgi",
	severity: "error",
	section: "3.3",
	summary: "The application's answer is not FastCGI",
	diagnosis:
		"The port that the web server connects to belongs to something else: an HTTP application server, a sidecar of a service mesh, xdebug in place of php-fpm on port 9000",
	remedies: {
		any: "find out what listens on that port; use the web server's HTTP proxying for an HTTP application, take the port out of the mesh, or move one of the two to another port",
		nginx: "fastcgi_pass to php-fpm's own address; proxy_pass for HTTP",
		Apache: "ProxyPass fcgi:// to php-fpm's own address; http:// for HTTP",
	},
	logs: {
		nginx: [
			"upstream sent unsupported FastCGI protocol version: … while reading response header from upstream",
		],
		Apache: [
			"AH01068: Got bogus version …",
			"(22)Invalid argument: AH01075: Error dispatching request to …",
		],
		lighttpd: [
			"unexpected end-of-file (perhaps the fastcgi process died):pid: … socket: …",
			"response not received, request sent: … on socket: … for …, closing connection",
		],
		Caddy: ["fcgi: invalid header version"],
		HAProxy: ["SH--"],
	},
	example:
		'HTTP: the first of 39 bytes are "HTTP/1.1 400 Bad" (48 54 54 50 2f 31 2e 31 20 34 30 30 20 42 61 64)',
	on: "bytesSkipped",
	look: (event, facts) =>
		event.from === "application" && isAllThereIs(event, facts)
			? {
					message: whatItIs(event),
					remedies: isHttp(event) ? FOR_HTTP : OTHERWISE,
				}
			: undefined,
};

function isHttp({ firstBytes }: BytesSkippedEvent): boolean {
	return protocolOf(firstBytes)?.startsWith("HT") === true;
}

const FOR_HTTP: Remedies = {
	nginx: "fastcgi_pass to php-fpm's own address; proxy_pass for HTTP",
	Apache: "ProxyPass fcgi:// to php-fpm's own address; http:// for HTTP",
	any: "find out what listens on that port; use the web server's HTTP proxying for an HTTP application, or take the port out of the service mesh",
};

const OTHERWISE: Remedies = {
	nginx: "fastcgi_pass to the address that the FastCGI application listens on",
	Apache:
		"ProxyPass fcgi:// to the address that the FastCGI application listens on",
	any: "find out what listens on that port, and move one of the two to another",
};
