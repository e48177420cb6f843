// The registry of the checks, in the order in which they are listed and looked at.

import type { Check } from "../inspect/check.js";
import { CONNECTION_CHECKS } from "./connection/index.js";
import { FRAMING_CHECKS } from "./framing/index.js";
import { PARAMS_CHECKS } from "./params/index.js";
import { RESPONSE_CHECKS } from "./response/index.js";
import { SECURITY_CHECKS } from "./security/index.js";

/** All checks. */
export const CHECKS: readonly Check[] = [
	...FRAMING_CHECKS,
	...PARAMS_CHECKS,
	...RESPONSE_CHECKS,
	...CONNECTION_CHECKS,
	...SECURITY_CHECKS,
];
