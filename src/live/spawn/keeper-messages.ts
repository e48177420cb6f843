// What a tap and the keeper of its applications tell each other over the channel between them, as JSON.

/** What the tap orders: once what to run, and at the end to end it. */
export type Order = RunOrder | { readonly kind: "end" };

/** What to run, and how. */
export interface RunOrder {
	readonly kind: "run";
	/** The program and its arguments. */
	readonly command: readonly string[];
	/** Processes that accept on the one socket. */
	readonly workers: number;
	/** All of their environment. */
	readonly env: Readonly<Record<string, string>>;
	/** Milliseconds between SIGTERM and SIGKILL. */
	readonly graceMs: number;
}

/** What became of an application. */
export type Report =
	| { readonly kind: "started"; readonly pid: number }
	| StartFailed
	| Exited
	/** Its group of processes did not end by SIGTERM. */
	| { readonly kind: "killed"; readonly pid: number };

/** The system did not start the program. */
export interface StartFailed {
	readonly kind: "failed";
	/** The system's name of the error, such as `ENOENT`. */
	readonly code: string;
	/** Milliseconds until it is tried again; absent where it never ran, which is not tried again. */
	readonly againMs?: number;
}

/** It ended by itself. */
export interface Exited {
	readonly kind: "exited";
	readonly pid: number;
	/** Undefined where a signal ended it. */
	readonly status?: number;
	/** Such as `SIGSEGV`. */
	readonly signal?: string;
	/** Milliseconds that it ran. */
	readonly ranMs: number;
	/** Milliseconds until it is started again. */
	readonly againMs: number;
}
