// How much room the engine gives to what has just been made. It gives more the longer a program runs, up to 16 MB and
// twice that while it collects; what decoding makes is done with so soon that more than a few save no time.

import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes that are enough: what is made of a block of a file, some times over. */
const ENOUGH = 8 * 2 ** 20;
/** Looking costs some microseconds, so it is done once in so many batches. */
const EVERY = 16;

/** Keeps the room from growing on, once there is enough. */
export class YoungGeneration {
	#batches = 0;
	#bounded = false;

	/** To be called for each batch of work. */
	bound(): void {
		if (this.#bounded || ++this.#batches % EVERY !== 0) return;
		const young = getHeapSpaceStatistics().find(
			({ space_name }) => space_name === "new_space",
		);
		if (young === undefined || young.space_size < ENOUGH) return;
		this.#bounded = true;
		setFlagsFromString("--semi-space-growth-factor=1");
	}
}
