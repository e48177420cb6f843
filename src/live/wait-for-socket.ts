// Waits until an application listens at a Unix socket.

import { setTimeout } from "node:timers/promises";
import type { Say } from "./entrance.js";
import { leftAside } from "./left-aside.js";
import { placeOf, repair } from "./restore-socket.js";
import { lookAt } from "./socket-file.js";
import { SocketPlace } from "./socket-place.js";
import { whoListens } from "./who-listens.js";

const LOOK_EVERY_MS = 250;

/**
 * Resolves to true once somebody listens there, or once there is something that waiting does not change, such as a
 * folder, for who opens it to say; to false when the signal comes first. What a killed tap has left is repaired. Throws
 * FcgiInspectError where another tap is there.
 */
export async function waitForSocket(
	path: string,
	say: Say,
	signal?: AbortSignal,
): Promise<boolean> {
	for (;;) {
		if (signal?.aborted) return false;
		if (await isReady(path, say)) return true;
		try {
			await setTimeout(LOOK_EVERY_MS, undefined, signal && { signal });
		} catch {
			return false;
		}
	}
}

async function isReady(path: string, say: Say): Promise<boolean> {
	const place = placeThatIsThere(path);
	if (place === undefined) return false;
	try {
		if (leftAside(place).length > 0) await repair(place, say);
		const file = lookAt(place.path);
		if (file === undefined) return false;
		if (file.kind !== "socket") return true;
		const listens = await whoListens(place.address());
		return listens !== "nobody" && listens !== "missing";
	} finally {
		place.close();
	}
}

/** The place, once its folder is there. */
function placeThatIsThere(path: string): SocketPlace | undefined {
	try {
		return new SocketPlace(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		return placeOf(path);
	}
}
