// A connection that the application's end refused: no byte of FastCGI was said on it, and the web server's log has the error
// of its own connect.

import type { ConnectionCheck } from "../../inspect/check.js";
import { duration } from "../words.js";

/** The web server could not connect. */
export const connectFailed: ConnectionCheck = {
	code: "connect-failed",
	severity: "error",
	summary: "The web server could not connect to the application",
	diagnosis:
		"The error in its log says why. 111, ECONNREFUSED: nothing listens there, or the socket file is left over from a process that has ended. 2, ENOENT: no such socket file. 13, EACCES: its owner or mode keeps the web server out. 11, EAGAIN: the queue of the socket is full. 110, ETIMEDOUT: a firewall drops it, or the host is gone",
	remedies: {
		php: "start php-fpm, and compare listen with the web server's address; for 13 set listen.owner, listen.group and listen.mode; for 11 raise pm.max_children, and listen.backlog with net.core.somaxconn",
		nginx:
			"fastcgi_pass has to name the address, or the path, that the application listens on, as its own container or chroot sees it",
		any: "start the application, and compare the address that it listens on with the web server's",
	},
	logs: {
		nginx: [
			"connect() failed (111: Connection refused) while connecting to upstream",
			"connect() to … failed (111: Connection refused) while connecting to upstream",
			"connect() to … failed (11: Resource temporarily unavailable) while connecting to upstream",
			"connect() to … failed (2: No such file or directory) while connecting to upstream",
			"connect() to … failed (13: Permission denied) while connecting to upstream",
			"connect() failed (113: No route to host) while connecting to upstream",
			"upstream timed out (110: Connection timed out) while connecting to upstream",
			"no live upstreams while connecting to upstream",
		],
		Apache: [
			"(111)Connection refused: AH00957: FCGI: attempt to connect to … failed",
			"(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket … (…) failed",
			"(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket … (…) failed",
			"(11)Resource temporarily unavailable: AH02454: FCGI: attempt to connect to Unix domain socket … (…) failed",
			"AH01079: failed to make connection to backend: …",
		],
		lighttpd: [
			"connect …: Connection refused",
			"connect …: No such file or directory",
			"backend died; we'll disable it for … seconds and send the request to another backend instead: …",
			"all handlers for … on … are down.",
		],
		HAProxy: ["SC--"],
		Caddy: [
			"dial unix …: connect: no such file or directory",
			"dial unix …: connect: permission denied",
			"dial unix …: connect: resource temporarily unavailable",
			"dial tcp …: connect: connection refused",
		],
	},
	example:
		"192.0.2.2:9000 refused the connection: its SYN was answered by RST, no byte was sent",
	on: "connectionClosed",
	look({ connection, ended, records, closedBy, damaged }) {
		if (connection.refused !== true || closedBy !== "application") {
			return undefined;
		}
		if (records.webServer > 0 || records.application > 0 || damaged) {
			return undefined;
		}
		const { openedAt, application = "the application's end" } = connection;
		if (connection.connectError !== undefined) {
			return `${application} refused the connection: ${connection.connectError}; no byte was said on it`;
		}
		const at = ended.application?.timestamp;
		const after =
			openedAt === undefined || at === undefined || at === openedAt
				? ""
				: ` ${duration(at - openedAt)} later`;
		return `${application} refused the connection: its SYN was answered by RST${after}, no byte was sent`;
	},
};
