// The registry of the checks, in the order in which they are listed and looked at.

import type { Check } from "../inspect/check.js";
import { stdinShorter } from "./params/stdin-shorter.js";

/** All checks. */
export const CHECKS: readonly Check[] = [
	// Parameters and input.
	stdinShorter,
];
