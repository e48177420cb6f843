// Whether a process that a name tells of is a tap that runs. Whoever may write in the folder makes up such names, so the
// process itself has to look like a tap (proc(5)).

import { lstatSync, readFileSync } from "node:fs";

/** `unseen`: there is a process of that id, and the system shows nothing of it, as where /proc hides those of others. */
export type TapProcess = "runs" | "unseen" | "gone";

/** Each system has it, and it is never a tap, unless it is seen to be one, as in a container. */
const INIT = 1;

/** What stands in the command line of a tap, whose words end in NUL. */
const COMMAND_LINE = /fcgi-inspect.*\0tap\0/s;

/** When a process was started, in ticks since the system was; 0 where that cannot be seen. */
export function startOf(id: number): number {
	return lineOf(id)?.ticks ?? 0;
}

/** Whether process `id`, started at that time and run by one of `users`, is a tap, or this process. */
export function tapProcess(
	id: number,
	ticks: number,
	users: ReadonlySet<number>,
): TapProcess {
	try {
		process.kill(id, 0);
	} catch (error) {
		// EPERM: it is there, and another user's.
		if ((error as NodeJS.ErrnoException).code === "ESRCH") return "gone";
	}
	const line = lineOf(id);
	if (line === undefined) return id === INIT ? "gone" : "unseen";
	if (line.ticks !== ticks || line.ended) return "gone";
	if (id === process.pid) return "runs";
	try {
		const { uid } = lstatSync(`/proc/${id}`);
		const words = readFileSync(`/proc/${id}/cmdline`, "latin1");
		return users.has(uid) && COMMAND_LINE.test(words) ? "runs" : "gone";
	} catch {
		// It has ended just now.
		return "gone";
	}
}

/** What the system says of a process; undefined where it says nothing. */
function lineOf(
	id: number,
): { readonly ticks: number; readonly ended: boolean } | undefined {
	try {
		const line = readFileSync(`/proc/${id}/stat`, "latin1");
		// The name of the program, in parentheses, may hold anything.
		const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
		return {
			ticks: Number(fields[19]),
			// It only waits to be buried.
			ended: fields[0] === "Z" || fields[0] === "X",
		};
	} catch {
		return undefined;
	}
}
