// What a text of records has to send.

import type { Step } from "../fastcgi/step.js";

/** What is to be done on one connection. */
export interface RecordedConnection {
	/** Made anew each time; throws FcgiInspectError where the text has changed since. */
	readonly script: Iterable<Step>;
}

/** What a text has to send. */
export interface RecordedTraffic {
	/** In the order in which they first come in the text. */
	readonly connections: readonly RecordedConnection[];
	/** What whoever sends it should know, a line each. */
	readonly remarks: readonly string[];
}
