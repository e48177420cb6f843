// The checks of connection, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";
import { abandonedRequest } from "./abandoned-request.js";
import { abortRequest } from "./abort-request.js";
import { closedWithoutResponse } from "./closed-without-response.js";
import { connectFailed } from "./connect-failed.js";
import { getValuesCloses, getValuesUnanswered } from "./get-values.js";
import { idleAfterConnect } from "./idle-after-connect.js";
import { keepalivePinsWorker } from "./keepalive-pins-worker.js";
import { multiplexUnsupported } from "./multiplex-unsupported.js";
import { protocolStatus } from "./protocol-status.js";
import { selfCallDeadlock } from "./self-call-deadlock.js";
import { slowRequest } from "./slow-request.js";
import { staleKeepalive } from "./stale-keepalive.js";

/** The checks of connection. */
export const CONNECTION_CHECKS: readonly Check[] = [
	closedWithoutResponse,
	staleKeepalive,
	keepalivePinsWorker,
	selfCallDeadlock,
	slowRequest,
	connectFailed,
	multiplexUnsupported,
	protocolStatus,
	getValuesUnanswered,
	getValuesCloses,
	abortRequest,
	abandonedRequest,
	idleAfterConnect,
];
