// What is known of a source that is alive: nothing but what it is.

import type { SourceReport } from "../inspect/chunk.js";

/** The report of a live source. */
export function liveReport(format: string): SourceReport {
	return { format, truncated: false, remarks: [], otherConnections: 0 };
}
