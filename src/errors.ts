// What is wrong with a file, an option or the environment. Traffic never throws: bad traffic is an event.

/** Why the tool stops; `cli` gives each its exit code. */
export type ErrorCode =
	| "usage"
	| "notation"
	| "unreadable-input"
	| "unknown-input"
	| "no-fastcgi"
	| "unwritable-output"
	| "connection-failed"
	| "timed-out";

/** The one error that the tool throws on purpose. Its message is one line, fit to be printed as it is. */
export class FcgiInspectError extends Error {
	override readonly name = "FcgiInspectError";
	constructor(
		/** What kind of mistake it is. */
		readonly code: ErrorCode,
		message: string,
	) {
		super(message);
	}
}
