// Waits for what happens elsewhere, without guessing how long it takes.

import { setTimeout as wait } from "node:timers/promises";

/** What has not happened by then does not happen; machines that run tests may be slow. */
const NEVER_MS = 15_000;

/** Looks again and again until something is so; an error that says what is not, where it never is. */
export async function until(
	what: string,
	isSo: () => boolean | Promise<boolean>,
	withinMs = NEVER_MS,
): Promise<void> {
	const end = performance.now() + withinMs;
	while (!(await isSo())) {
		if (performance.now() > end) {
			throw new Error(`not within ${withinMs} ms: ${what}`);
		}
		await wait(10);
	}
}
