// The checks of framing, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";

/** The checks of framing. */
export const FRAMING_CHECKS: readonly Check[] = [];
