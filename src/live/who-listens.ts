// Whether somebody listens at a Unix socket, told by connecting to it. The application sees a connection that ends
// before its first byte, which all that listen know: web servers make them when browsers go away.

import { connect } from "node:net";

/**
 * What came of connecting: `nobody` is a socket without a process behind it, `denied` one that may not be connected to,
 * `other` one that carries no streams.
 */
export type Listens = "somebody" | "nobody" | "missing" | "denied" | "other";

/** Connects to a socket's path once. It needs no time limit: a Unix socket answers at once, even where it is busy. */
export function whoListens(path: string): Promise<Listens> {
	return new Promise((resolve) => {
		const socket = connect({ path });
		socket.once("connect", () => {
			resolve("somebody");
			socket.destroy();
		});
		socket.once("error", (error: NodeJS.ErrnoException) =>
			resolve(meaning(error.code)),
		);
	});
}

function meaning(code: string | undefined): Listens {
	switch (code) {
		case "ECONNREFUSED":
			return "nobody";
		case "ENOENT":
		case "ENOTDIR":
			return "missing";
		case "EACCES":
		case "EPERM":
			return "denied";
		case "EPROTOTYPE":
			return "other";
		// EAGAIN: whoever listens has its hands full. Of what else there is, none says that nobody does.
		default:
			return "somebody";
	}
}
