// A connection to the application from an address of the public internet: FastCGI has no password, so whoever connects runs
// what the application runs.

import type { ConnectionCheck } from "../../inspect/check.js";
import { isGlobal } from "./global-address.js";

/** The web server's end has a public address. */
export const exposedListener: ConnectionCheck = {
	code: "exposed-listener",
	severity: "warning",
	summary: "The application took a connection from a public address",
	diagnosis:
		"Nothing in FastCGI asks who connects. A port that the internet reaches is found by scanners, and php-fpm behind one runs any code that is sent to it",
	remedies: {
		php: "listen = 127.0.0.1:9000 or a Unix socket, and listen.allowed_clients",
		any: "bind the listener to a private address, or let a firewall pass the web servers only",
	},
	example: "connection from 8.8.8.8:40000 to 192.0.2.2:9000",
	on: "connectionOpened",
	look({ connection: { webServer, application } }) {
		if (webServer === undefined || !isGlobal(hostOf(webServer))) {
			return undefined;
		}
		// A host that talks to itself needs no way through the internet.
		if (
			application !== undefined &&
			hostOf(application) === hostOf(webServer)
		) {
			return undefined;
		}
		const to = application === undefined ? "" : ` to ${application}`;
		return `connection from ${webServer}${to}`;
	},
};

/** The address without its port, and without the brackets of IPv6. */
function hostOf(endpoint: string): string {
	const end = endpoint.lastIndexOf(":");
	const host = end === -1 ? endpoint : endpoint.slice(0, end);
	return host.startsWith("[") ? host.slice(1, -1) : host;
}
