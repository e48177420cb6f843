// What became of an application, in a line for people.

import type { Exited, StartFailed } from "./keeper-messages.js";

/** A program that ends sooner than this with status 0 may have put itself in the background, and serves nobody. */
const AT_ONCE_MS = 1000;

/** That it ended, how, and when it starts again. */
export function exitWords(exited: Exited): string {
	const { pid, status, signal, ranMs, againMs } = exited;
	const how =
		signal === undefined
			? `exited with status ${status}`
			: `was ended by ${signal}`;
	const hint =
		status === 0 && againMs > 0 && ranMs < AT_ONCE_MS
			? " (it has to stay in the foreground)"
			: "";
	return `application ${pid} ${how} after ${duration(ranMs)}${hint}; ${again(againMs)}`;
}

/** Why a program was not started; `program` as on the command line. */
export function failureWords(program: string, failed: StartFailed): string {
	const reason = `${program}: cannot be started: ${REASONS[failed.code] ?? failed.code}`;
	return failed.againMs === undefined
		? reason
		: `${reason}; it is tried again in ${duration(failed.againMs)}`;
}

/** That it had to be killed. */
export function killedWords(pid: number, graceMs: number): string {
	return `application ${pid} did not end within ${duration(graceMs)} of SIGTERM, and was killed`;
}

/** What the system's errors mean, when it is a program that was to be started. */
const REASONS: Readonly<Record<string, string>> = {
	ENOENT:
		"there is no such program (or no such interpreter, where it is a script)",
	EACCES: "it is not an executable file",
	ENOEXEC: "it is no program, and a script has to begin with #!",
	ENOTDIR: "a part of its path is no folder",
	ETXTBSY: "it is just being written",
	EPERM: "it is not permitted",
	ENOMEM: "there is not enough memory",
	EAGAIN: "there are too many processes",
	E2BIG: "its arguments and its environment are too long",
};

function again(ms: number): string {
	return ms === 0
		? "it is started again"
		: `it is started again in ${duration(ms)}`;
}

function duration(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`;
	const seconds = ms / 1000;
	if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
	return `${Math.round(seconds / 60)} min`;
}
