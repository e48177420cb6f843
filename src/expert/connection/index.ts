// The checks of connection, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";

/** The checks of connection. */
export const CONNECTION_CHECKS: readonly Check[] = [];
