// When a command that runs on is to end: by a signal, after a time, or when it has seen enough.

import { isatty } from "node:tty";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** How long what is left of the output may take, once all else has ended: nobody may be reading it. */
const OUTPUT_MS = 3000;

/** The end, and what is to happen when it is asked for again. */
export class Ending {
	/** Kept when the end begins. */
	readonly wanted: Promise<void>;
	readonly #abort = new AbortController();
	#timer: NodeJS.Timeout | undefined;
	#signalled = (_: NodeJS.Signals) => {};
	#asked = 0;

	readonly #exit: () => void;

	/** `exit` ends the process at once. */
	constructor(exit: () => void) {
		this.#exit = exit;
		this.wanted = new Promise((resolve) => {
			this.signal.addEventListener("abort", () => resolve());
		});
	}

	/** Ends in order. */
	begin(): void {
		this.#abort.abort();
	}

	/** Is aborted when the end begins. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Whether it was asked for so often that nothing is to be waited for. */
	get hurried(): boolean {
		return this.#asked > 1;
	}

	/**
	 * Ends on signals, without waiting for requests on the second one and for nothing at all on the third, and after a
	 * time in milliseconds. What nobody reads does not hold the end up for longer than `graceMs` and `OUTPUT_MS`.
	 */
	listen(duration: number | undefined, graceMs: number): void {
		const exitAfter = (ms: number) =>
			setTimeout(() => this.#exit(), ms).unref();
		this.#signalled = (signal) => {
			// A hang-up is for those who have a terminal; nohup gives the others none.
			if (signal === "SIGHUP" && ![0, 1, 2].some((fd) => isatty(fd))) return;
			if (++this.#asked === 2) exitAfter(OUTPUT_MS);
			else if (this.#asked > 2) this.#exit();
			this.begin();
		};
		void this.wanted.then(() => exitAfter(graceMs + OUTPUT_MS));
		for (const signal of SIGNALS) process.on(signal, this.#signalled);
		if (duration !== undefined) {
			this.#timer = setTimeout(() => this.begin(), duration);
		}
	}

	stopListening(): void {
		for (const signal of SIGNALS) process.off(signal, this.#signalled);
		clearTimeout(this.#timer);
	}
}
