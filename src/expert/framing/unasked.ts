// What is common to the checks of types: what servers log, and whether the web server asked for an answer (section 4).

import type { RecordEvent } from "../../inspect/event.js";
import type { ConnectionFacts } from "../../inspect/facts.js";

/** What servers log of a type that they did not ask for. */
export const TYPE_LOGS = {
	nginx: [
		"upstream sent invalid FastCGI record type: … while reading response header from upstream",
		"upstream sent invalid FastCGI record type: … while reading upstream",
	],
	Apache: ["AH01072: Got bogus record …"],
	lighttpd: ["FastCGI: header.type not handled: …"],
} as const;

/** Whether the input shows all that the web server sent, and no question among it. */
export function isUnasked(
	{ record }: RecordEvent,
	facts: ConnectionFacts,
): boolean {
	const { connection, records, valuesAsked, unknownAsked } = facts;
	if (valuesAsked > 0) return false;
	if (record.kind === "unknownType" && unknownAsked > 0) return false;
	return (
		connection.startSeen &&
		connection.inputLags !== true &&
		records.webServer > 0 &&
		!facts.damaged
	);
}
