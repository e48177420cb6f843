// The checks of response, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";

/** The checks of response. */
export const RESPONSE_CHECKS: readonly Check[] = [];
