// A server's Unix socket before it has its name: made under a temporary one, and without any permissions. Node unlinks
// the name that it bound when the server closes, which is this one, and gone by then.

import type { Server } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";

/** Connections that the system keeps for the tap until it accepts them; it takes no more than `somaxconn`, 4096 in Linux. */
const BACKLOG = 4096;

/** As long without a new connection, and nobody is left who began to connect before the name was gone. */
const QUIET_MS = 20;

/** A full backlog is accepted in far less; whoever still comes after this came by a name that the tap knows nothing of. */
const MAX_DRAIN_MS = 2000;

/**
 * Listens at a path with mode 000. Returns the process's umask, for who wants the usual permissions. Where it returns, no
 * turn of the event loop has passed, so that nothing can come between this and what makes the socket reachable.
 */
export async function listenUnreachable(
	server: Server,
	path: string,
): Promise<number> {
	const failed = new Promise<Error>((resolve) => {
		server.once("error", resolve);
	});
	const umask = process.umask(0o777);
	try {
		server.listen({ path, backlog: BACKLOG });
	} finally {
		process.umask(umask);
	}
	if (!server.listening) throw await failed;
	return umask;
}

/** Closes a server that nobody can find any more, once it has accepted who waits in its queue. */
export async function closeWhenDrained(server: Server): Promise<void> {
	const begun = performance.now();
	let last = begun;
	server.on("connection", () => {
		last = performance.now();
	});
	do {
		await setTimeout(QUIET_MS);
		// The system is asked for connections between timers and this.
		await setImmediate();
		const now = performance.now();
		if (now - begun > MAX_DRAIN_MS) break;
	} while (performance.now() - last < QUIET_MS);
	server.close();
}
