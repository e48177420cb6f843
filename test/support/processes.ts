// What the system knows of processes, from /proc: who is there, and who is in whose group.

import { readdirSync, readFileSync } from "node:fs";

/** A process that has not ended. */
export interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly group: number;
}

/** All processes, without the dead that nobody has taken note of. */
export function processes(): Process[] {
	const found: Process[] = [];
	for (const name of readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, "latin1");
			// The program's name is in parentheses, and may hold any.
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			const [state, parent, group] = fields;
			if (state === "Z" || state === "X") continue;
			found.push({
				pid: Number(name),
				parent: Number(parent),
				group: Number(group),
			});
		} catch {
			// It has ended since.
		}
	}
	return found;
}

/** Whether a process is there, or one of the group that it leads. */
export function isThere(pid: number): boolean {
	return processes().some((one) => one.pid === pid || one.group === pid);
}

/** The processes that a process started, and those that these did. */
export function descendants(pid: number): number[] {
	const all = processes();
	const found = [pid];
	for (const one of found) {
		for (const child of all) {
			if (child.parent === one) found.push(child.pid);
		}
	}
	return found.slice(1);
}

/** `O_NONBLOCK` of Linux. */
export const O_NONBLOCK = 0o4000;

/** The flags that a descriptor of a process was opened with, or given since. */
export function descriptorFlags(pid: number, descriptor: number): number {
	const info = readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, "latin1");
	return Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? "", 8);
}
