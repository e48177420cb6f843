// What is common to records, and headers, of which the sender wrote the beginning only (section 3.3).

import type { Peer } from "../../fastcgi/constants.js";
import type { ConnectionFacts, Ending } from "../../inspect/facts.js";

/** The words that both checks share. */
export const CUT_RECORD_WORDS = {
	code: "truncated-record",
	severity: "error",
	section: "3.3",
	summary: "The connection was ended in the middle of a record",
	diagnosis:
		"The sender died or gave up while it wrote the record, or the header promises more content or padding than was written. HAProxy waits for the rest until its server timeout; nginx without fastcgi_keep_conn passes on what there is and says nothing",
	remedies: {
		any: "look into the application's log and the kernel's for what ended the process; make the header's lengths what is really written",
		php: "look into php-fpm's log for a child that exited on a signal",
	},
	logs: {
		nginx: [
			"upstream prematurely closed connection while reading response header from upstream",
			"upstream prematurely closed connection while reading upstream",
		],
		Apache: [
			"AH01067: Failed to read FastCGI header",
			"AH02537: Error occurred reading padding",
			"(70014)End of file found: AH01075: Error dispatching request to …",
			"(70014)End of file found: AH01075: Error dispatching request to … (reading response body)",
		],
		lighttpd: [
			"unexpected end-of-file (perhaps the fastcgi process died):pid: … socket: …",
			"response not received, request sent: … on socket: … for …, closing connection",
			"response already sent out, but backend returned error on socket: … for …, terminating connection",
		],
		HAProxy: ["sH--", "sD--"],
	},
} as const;

/** How a direction ended, where it was its sender who chose to end it, and not the other end that had left before. */
export function ownEnding(
	from: Peer,
	{ ended, closedBy }: ConnectionFacts,
): Ending | undefined {
	const ending = ended[from];
	if (ending === undefined || closedBy === from) return ending;
	// Who writes to an end that has left is reset; and nothing more of a body is of use when the application has left.
	return from === "application" && ending.closing === "fin"
		? ending
		: undefined;
}

/** The two ends in words. */
export const WHO = {
	webServer: "the web server",
	application: "the application",
} as const;

/** How a direction ended, in words. */
export function how({ closing }: Ending): string {
	return closing === "fin" ? "closed (FIN)" : "reset the connection (RST)";
}
