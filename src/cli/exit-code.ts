// What the process says to the shell.

import type { ErrorCode } from "../errors.js";

/** Findings at or above what `--fail-on` says. */
export const EXIT_FINDINGS = 1;
/** A bad option, filter or notation. */
export const EXIT_USAGE = 2;
/** The output cannot be written. */
export const EXIT_UNWRITABLE = 3;

/** Interrupted by Ctrl-C, before all was sent and answered. */
export const EXIT_INTERRUPTED = 130;

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
	usage: EXIT_USAGE,
	notation: EXIT_USAGE,
	"unreadable-input": 3,
	"unknown-input": 3,
	"no-fastcgi": 3,
	"unwritable-output": EXIT_UNWRITABLE,
	"connection-failed": 4,
	"timed-out": 5,
};

/** The exit code for an error. */
export function exitCodeOf(code: ErrorCode): number {
	return EXIT_CODES[code];
}
