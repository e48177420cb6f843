// One application process within the keeper: started with the keeper's descriptor 0, which is the listening socket
// (specification, section 2.2), and started again when it has ended.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { BackOff } from "./back-off.js";
import type { Report, RunOrder } from "./keeper-messages.js";
import { ProcessGroup } from "./process-group.js";

/** From the death of a process until the system says so. */
const TOLD_MS = 1000;

/** A process that was started, and what it forked. */
interface Run {
	readonly group: ProcessGroup;
	/** Kept when the process itself has ended. */
	readonly exited: Promise<unknown>;
	/** Set when the group is being ended; kept when nobody is left of it. */
	ended?: Promise<void>;
}

/** A place for one process: whoever fills it, there is one at a time. */
export class Worker {
	readonly #order: RunOrder;
	readonly #report: (report: Report) => void;
	readonly #backOff = new BackOff();
	/** Who runs, and who is left of those that ran. */
	readonly #runs = new Set<Run>();
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
		let run: Run | undefined;
		try {
			const child = spawn(program, args, {
				env: this.#order.env,
				stdio: "inherit",
				// A group of its own, so that what it forks is ended with it, and Ctrl-C leaves it alone.
				detached: true,
			});
			child.once("error", (error) => this.#failed(error));
			child.once("exit", (status, signal) => {
				if (run === undefined) return;
				this.#exited(run, performance.now() - began, status, signal);
			});
			if (child.pid === undefined) return;
			const group = new ProcessGroup(child.pid);
			run = { group, exited: once(child, "exit") };
			this.#runs.add(run);
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
		await Promise.all([...this.#runs].map((run) => this.#end(run)));
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
		run: Run,
		ranMs: number,
		status: number | null,
		signal: NodeJS.Signals | null,
	): void {
		if (this.#ending) return;
		const againMs = this.#backOff.after(ranMs, status ?? undefined);
		this.#report({
			kind: "exited",
			pid: run.group.id,
			...(status === null ? {} : { status }),
			...(signal === null ? {} : { signal }),
			ranMs,
			againMs,
		});
		// What it forked would go on accepting beside the next one.
		void this.#end(run);
		this.#startAfter(againMs);
	}

	#startAfter(ms: number): void {
		this.#startAgain = setTimeout(() => this.start(), ms);
	}

	#end(run: Run): Promise<void> {
		run.ended ??= this.#endGroup(run);
		return run.ended;
	}

	async #endGroup(run: Run): Promise<void> {
		const { group, exited } = run;
		if (await group.end(this.#order.graceMs)) {
			this.#report({ kind: "killed", pid: group.id });
		}
		// Whoever goes before that leaves a dead process that nobody takes note of.
		await Promise.race([exited, wait(TOLD_MS, undefined, { ref: false })]);
		this.#runs.delete(run);
	}
}
