// A request that the application turned down with a protocol status (specification, section 5.5).

import type { Remedies, RequestCheck } from "../../inspect/check.js";

/** What each status says. */
const STATUSES: Readonly<Record<number, string>> = {
	1: "1, CANT_MPX_CONN: it takes one request at a time on a connection",
	2: "2, OVERLOADED: it is out of something, such as database connections",
	3: "3, UNKNOWN_ROLE: it does not serve the role",
};

/** What to do about each. */
const REMEDIES: Readonly<Record<number, Remedies>> = {
	1: {
		HAProxy: "no option mpxs-conns in the fcgi-app section",
		any: "send one request at a time on a connection",
	},
	2: {
		any: "raise the limit that the application names in its own log: its workers, threads, connections to a database; or send it less at once",
	},
	3: {
		any: "send requests of a role that the application serves: web servers send Responder, 1, unless they are told otherwise",
	},
};

/** END_REQUEST has another protocol status than REQUEST_COMPLETE. */
export const protocolStatus: RequestCheck = {
	code: "protocol-status",
	severity: "error",
	section: "5.5",
	summary: "The application rejected the request with a protocol status",
	diagnosis:
		"No web server names the reason. nginx answers with 502, lighttpd with 500, Apache with 200 and an empty body, and HAProxy waits for its time limit. Behind a whole response none of them minds",
	remedies: {
		HAProxy: "no option mpxs-conns in the fcgi-app section, for CANT_MPX_CONN",
		any: "for CANT_MPX_CONN, send one request at a time on a connection; for OVERLOADED, raise the application's limit, its workers or its database's connections; for UNKNOWN_ROLE, send a role that it serves",
	},
	logs: {
		nginx: [
			"upstream sent unexpected FastCGI record: 3 while reading response header from upstream",
		],
		HAProxy: ["sH--"],
	},
	example:
		"END_REQUEST came with protocolStatus 2, OVERLOADED: it is out of something, such as database connections; STDOUT carried nothing",
	on: "requestEnded",
	look(request) {
		const { protocolStatus: status, state } = request;
		if (status === undefined || status === 0 || state !== "rejected") {
			return undefined;
		}
		// That one is the better word for it.
		if (status === 1 && request.openBeside > 0) return undefined;
		const remedies = REMEDIES[status];
		let word = STATUSES[status] ?? `${status}, which no specification defines`;
		if (status === 3) word += ` ${request.role ?? "asked for"}`;
		if (request.response === undefined) {
			const held =
				request.stdout.bytes === 0
					? "nothing"
					: `${request.stdout.bytes} bytes, no whole head`;
			const message = `END_REQUEST came with protocolStatus ${word}; STDOUT carried ${held}`;
			return remedies === undefined ? message : { message, remedies };
		}
		return {
			severity: "warning",
			...(remedies === undefined ? {} : { remedies }),
			message: `END_REQUEST came with protocolStatus ${word}; a response came before it`,
		};
	},
};
