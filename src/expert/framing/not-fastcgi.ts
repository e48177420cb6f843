// A port that was meant to speak FastCGI and speaks something else: the first bytes of a direction begin no record, and no
// record follows them.

import type { SkippedCheck } from "../../inspect/check.js";
import type { BytesSkippedEvent } from "../../inspect/event.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import { byteCount, hex, quoted } from "../evidence.js";
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
			? whatItIs(event)
			: undefined,
};

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

/** Whether these are the first bytes of their direction, whole, and no record came. */
function isAllThereIs(
	event: BytesSkippedEvent,
	facts: ConnectionFacts,
): boolean {
	return (
		event.reason === "noRecord" &&
		event.offset === 0 &&
		event.until !== "record" &&
		event.firstBytes.length >= LEAST_BYTES &&
		facts.connection.startSeen &&
		facts.last(event.from) === undefined
	);
}

/** Fewer bytes than these may be the start of a record's header that did not get through. */
const LEAST_BYTES = 8;

/** The bytes as text, with dots for what is none. */
function readable(bytes: Buffer): string {
	return bytes.toString("latin1").replace(/[^\t\r\n -~]/g, ".");
}

function whatItIs({ firstBytes, length }: BytesSkippedEvent): string {
	const name = protocolOf(firstBytes) ?? "no protocol that is known here";
	const which =
		length > firstBytes.length
			? `the first of ${length} bytes are`
			: `the ${byteCount(length)} are`;
	return `${name}: ${which} ${quoted(readable(firstBytes))} (${hex(firstBytes)})`;
}
