// The checks of what the web server sends: parameters, and input streams. A line each, in the order in which they are listed
// and looked at.

import type { Check } from "../../inspect/check.js";
import { stdinShorter } from "./stdin-shorter.js";

/** The checks of parameters and input. */
export const PARAMS_CHECKS: readonly Check[] = [stdinShorter];
