// The checks of security, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";
import { exposedListener } from "./exposed-listener.js";
import { phpValueInjection } from "./php-value-injection.js";
import { secretsInCapture } from "./secrets-in-capture.js";
import { ssrfFingerprint } from "./ssrf-fingerprint.js";

/** The checks of security. */
export const SECURITY_CHECKS: readonly Check[] = [
	phpValueInjection,
	ssrfFingerprint,
	secretsInCapture,
	exposedListener,
];
