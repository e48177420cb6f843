// How long to wait before an application that ended is started again: one that ends at once each time must not keep the
// machine busy, and one that ends on purpose must not be waited with.

/** The first wait. */
export const FIRST_WAIT_MS = 1000;

/** The longest wait: whoever mends the application does not want to wait longer for it. */
export const LONGEST_WAIT_MS = 30_000;

/** An application that ran so long ran well: its next failure is a new one. */
export const RAN_WELL_MS = 10_000;

/** Sooner than most programs have served anything. */
export const QUICK_MS = 100;

/**
 * Status 0 is an exit on purpose (specification, section 7): php-cgi ends so after 500 requests. A program that never
 * serves, such as one that puts itself in the background, does it again and again; after so many in a row each has to
 * wait. Not for longer each time, as a program that serves one request may be meant.
 */
export const QUICK_IN_A_ROW = 10;

/** The waits of one application, each twice as long as the one before. */
export class BackOff {
	#wait = 0;
	#quickExits = 0;

	/** Milliseconds to wait after a run of `ranMs`; `status` is undefined where a signal ended it. */
	after(ranMs: number, status: number | undefined): number {
		if (status === 0) {
			this.#wait = 0;
			this.#quickExits = ranMs < QUICK_MS ? this.#quickExits + 1 : 0;
			return this.#quickExits > QUICK_IN_A_ROW ? FIRST_WAIT_MS : 0;
		}
		this.#quickExits = 0;
		if (ranMs >= RAN_WELL_MS) this.#wait = 0;
		this.#wait =
			this.#wait === 0
				? FIRST_WAIT_MS
				: Math.min(this.#wait * 2, LONGEST_WAIT_MS);
		return this.#wait;
	}
}
