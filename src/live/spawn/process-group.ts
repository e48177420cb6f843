// An application and all processes that it forked, as long as they stay in its group: what is signalled and ended together.

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** Between two looks at whether a group is gone; nothing tells the end of a process that is not one's own child. */
const LOOK_MS = 20;

/** After SIGKILL: longer only where the kernel does not let go, or nobody takes note of the dead. */
const DEAD_MS = 1000;

/** The processes of a group. */
export class ProcessGroup {
	/** The process id of its first process. */
	readonly id: number;

	constructor(id: number) {
		this.id = id;
	}

	/** Sends a signal to all, or none for 0; false where there is nobody. */
	signal(signal: NodeJS.Signals | 0): boolean {
		try {
			return process.kill(-this.id, signal);
		} catch (error) {
			// Those that changed their user are there all the same.
			return (error as NodeJS.ErrnoException).code === "EPERM";
		}
	}

	/** SIGTERM, and SIGKILL for what is there after `graceMs`. Returns whether something was. */
	async end(graceMs: number): Promise<boolean> {
		if (!this.signal("SIGTERM")) return false;
		if (await this.#gone(graceMs)) return false;
		this.signal("SIGKILL");
		await this.#gone(DEAD_MS);
		return true;
	}

	/**
	 * False where all are dead, and only nobody has taken note of it: in a container, the first process may be one that does
	 * not. True where the system does not tell.
	 */
	#living(): boolean {
		try {
			return readdirSync("/proc").some((name) => this.#isOne(name));
		} catch {
			return true;
		}
	}

	/** Whether a process is one of the group, and not dead (proc(5): state, parent and group follow the program's name). */
	#isOne(pid: string): boolean {
		if (!/^\d+$/.test(pid)) return false;
		try {
			const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
			const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			return Number(group) === this.id && state !== "Z" && state !== "X";
		} catch {
			return false;
		}
	}

	/** Waits until nobody is there, at most so long; returns whether that is so. */
	async #gone(withinMs: number): Promise<boolean> {
		const until = performance.now() + withinMs;
		while (this.signal(0) && this.#living()) {
			const left = until - performance.now();
			if (left <= 0) return false;
			await wait(Math.min(LOOK_MS, left));
		}
		return true;
	}
}
