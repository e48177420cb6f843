// What a text of records has to send.

import type { Step } from "../../fastcgi/step.js";

/** What is to be done on one connection. */
interface RecordedConnection {
	/** As the text numbers it. */
	readonly number: number;
	/** Made anew each time; throws FcgiInspectError where the text has changed since. */
	readonly script: Iterable<Step>;
}

/** What a text has to send. */
export interface RecordedTraffic {
	/** In the order of their numbers. */
	readonly connections: readonly RecordedConnection[];
	/** What whoever sends it should know, a line each. */
	readonly remarks: readonly string[];
}
