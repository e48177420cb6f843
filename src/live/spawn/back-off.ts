// How long to wait before an application that ended is started again: one that ends at once each time must not keep the
// machine busy, and one that ends on purpose must not be missed.

/** The first wait. */
export const FIRST_WAIT_MS = 1000;

/** The longest wait: whoever mends the application does not want to wait longer for it. */
export const LONGEST_WAIT_MS = 30_000;

/** An application that ran so long ran well: its next failure is a new one. */
export const RAN_WELL_MS = 10_000;

/**
 * Status 0 is an exit on purpose (specification, section 7): php-cgi ends so after 500 requests. One that comes sooner
 * than any number of requests takes is a program that does not serve.
 */
export const SERVED_MS = 100;

/** The waits of one application, each twice as long as the one before. */
export class BackOff {
	#wait = 0;

	/** Milliseconds to wait after a run of `ranMs`; `status` is undefined where a signal ended it. */
	after(ranMs: number, status: number | undefined): number {
		if (status === 0 && ranMs >= SERVED_MS) {
			this.#wait = 0;
			return 0;
		}
		if (ranMs >= RAN_WELL_MS) this.#wait = 0;
		this.#wait =
			this.#wait === 0
				? FIRST_WAIT_MS
				: Math.min(this.#wait * 2, LONGEST_WAIT_MS);
		return this.#wait;
	}
}
