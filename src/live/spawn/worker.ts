// One application process within the keeper: started with the keeper's descriptor 0, which is the listening socket
// (specification, section 2.2), and started again when it has ended.

import { spawn } from "node:child_process";
import { BackOff } from "./back-off.js";
import type { Report, RunOrder } from "./keeper-messages.js";
import { ProcessGroup } from "./process-group.js";

/** A place for one process: whoever fills it, there is one at a time. */
export class Worker {
	readonly #order: RunOrder;
	readonly #report: (report: Report) => void;
	readonly #backOff = new BackOff();
	/** Who runs, and who is left of those that ran. */
	readonly #groups = new Set<ProcessGroup>();
	#everStarted = false;
	#ending = false;
	#startAgain: NodeJS.Timeout | undefined;

	constructor(order: RunOrder, report: (report: Report) => void) {
		this.#order = order;
		this.#report = report;
	}

	/** Starts a process; what becomes of it is reported. */
	start(): void {
		const [program = "", ...args] = this.#order.command;
		const began = performance.now();
		let group: ProcessGroup | undefined;
		try {
			const child = spawn(program, args, {
				env: this.#order.env,
				stdio: "inherit",
				// A group of its own, so that what it forks is ended with it, and Ctrl-C leaves it alone.
				detached: true,
			});
			child.once("error", (error) => this.#failed(error));
			child.once("exit", (status, signal) => {
				if (group === undefined) return;
				this.#exited(group, performance.now() - began, status, signal);
			});
			if (child.pid === undefined) return;
			group = new ProcessGroup(child.pid);
			this.#groups.add(group);
			this.#everStarted = true;
			this.#report({ kind: "started", pid: group.id });
		} catch (error) {
			// Some errors are thrown, some are emitted.
			this.#failed(error as NodeJS.ErrnoException);
		}
	}

	/** Ends the process and all that it forked. It is not started again. */
	async end(): Promise<void> {
		this.#ending = true;
		clearTimeout(this.#startAgain);
		await Promise.all([...this.#groups].map((group) => this.#end(group)));
	}

	#failed({ code = "unknown" }: NodeJS.ErrnoException): void {
		if (!this.#everStarted) {
			this.#report({ kind: "failed", code });
			return;
		}
		const againMs = this.#backOff.after(0, undefined);
		this.#report({ kind: "failed", code, againMs });
		this.#startAfter(againMs);
	}

	#exited(
		group: ProcessGroup,
		ranMs: number,
		status: number | null,
		signal: NodeJS.Signals | null,
	): void {
		if (this.#ending) return;
		const againMs = this.#backOff.after(ranMs, status ?? undefined);
		this.#report({
			kind: "exited",
			pid: group.id,
			...(status === null ? {} : { status }),
			...(signal === null ? {} : { signal }),
			ranMs,
			againMs,
		});
		// What it forked would go on accepting beside the next one.
		void this.#end(group);
		this.#startAfter(againMs);
	}

	#startAfter(ms: number): void {
		this.#startAgain = setTimeout(() => this.start(), ms);
	}

	async #end(group: ProcessGroup): Promise<void> {
		if (await group.end(this.#order.graceMs)) {
			this.#report({ kind: "killed", pid: group.id });
		}
		this.#groups.delete(group);
	}
}
