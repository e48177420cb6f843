// The checks of security, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";

/** The checks of security. */
export const SECURITY_CHECKS: readonly Check[] = [];
