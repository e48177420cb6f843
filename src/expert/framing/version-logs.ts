// What servers log where a byte that should be a version is another: they look at nothing else to know that their framing
// is lost.

import type { Check } from "../../inspect/check.js";

/** The lines, as a check has them. */
export const VERSION_LOGS: Check["logs"] & object = {
	nginx: [
		"upstream sent unsupported FastCGI protocol version: … while reading response header from upstream",
		"upstream sent unsupported FastCGI protocol version: … while reading upstream",
	],
	Apache: [
		"AH01068: Got bogus version …",
		"(22)Invalid argument: AH01075: Error dispatching request to …",
	],
	Caddy: ["fcgi: invalid header version"],
};
