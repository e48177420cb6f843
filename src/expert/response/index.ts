// The checks of response, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";
import { badCgiHeader } from "./bad-cgi-header.js";
import { badStatus } from "./bad-status.js";
import { bufferedToDisk } from "./buffered-to-disk.js";
import { endBeforeHeaders } from "./end-before-headers.js";
import { headerTooBig } from "./header-too-big.js";
import { headersSplitRecords } from "./headers-split-records.js";
import { noEndRequest } from "./no-end-request.js";
import { responseBuffered } from "./response-buffered.js";
import { responseExcess } from "./response-excess.js";
import { responseTruncated } from "./response-truncated.js";
import { statusLine } from "./status-line.js";
import { stderrOutput } from "./stderr-output.js";
import { stdoutEndedBeforeHeaders } from "./stdout-ended-before-headers.js";

/** The checks of response. */
export const RESPONSE_CHECKS: readonly Check[] = [
	endBeforeHeaders,
	stdoutEndedBeforeHeaders,
	responseTruncated,
	responseExcess,
	noEndRequest,
	headerTooBig,
	stderrOutput,
	badCgiHeader,
	statusLine,
	badStatus,
	headersSplitRecords,
	responseBuffered,
	bufferedToDisk,
];
