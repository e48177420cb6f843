// An entrance in front of applications that were started for it, and that end after it.

import type { Address } from "../address.js";
import type { Entrance } from "../entrance.js";
import type { Spawned } from "./spawned.js";

/** Starts applications, and gives them an entrance. Rejects with FcgiInspectError where either cannot be; then nothing is left. */
export async function inFrontOf(
	applications: Spawned,
	entranceTo: (application: Address) => Entrance,
): Promise<Entrance> {
	const application = await applications.start();
	try {
		return withApplications(entranceTo(application), applications);
	} catch (error) {
		await applications.stop();
		throw error;
	}
}

function withApplications(entrance: Entrance, applications: Spawned): Entrance {
	return {
		get address() {
			return entrance.address;
		},
		get applicationName() {
			// Where it really listens is known to nobody else.
			return entrance.address;
		},
		application: entrance.application,
		open: (accept) => entrance.open(accept),
		close: () => entrance.close(),
		leave: () => applications.stop(),
		closeNow() {
			entrance.closeNow();
			applications.stopNow();
		},
	};
}
