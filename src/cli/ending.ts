// When a command that runs on is to end: by a signal, after a time, or when it has seen enough.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The end, and what is to happen when it is asked for again. */
export class Ending {
	readonly wanted: Promise<void>;
	readonly #abort = new AbortController();
	#begin = () => {};
	#begun = false;
	#timer: NodeJS.Timeout | undefined;
	#signalled = () => {};

	constructor() {
		this.wanted = new Promise((resolve) => {
			this.#begin = resolve;
		});
	}

	/** Ends in order. */
	begin(): void {
		this.#begun = true;
		this.#begin();
		this.#abort.abort();
	}

	/** Is aborted when the end begins. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Ends on signals, at once on the second one, and after a time in milliseconds. */
	listen(duration: number | undefined): void {
		this.#signalled = () => {
			if (this.#begun) process.exit();
			this.begin();
		};
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
