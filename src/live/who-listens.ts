// Whether somebody listens at an address, told by connecting to it. The application sees a connection that ends
// before its first byte, which all that listen know: web servers make them when browsers go away.

import { connect } from "node:net";
import { type Address, netOptions } from "./address.js";

/**
 * What came of connecting: `nobody` is a socket without a process behind it, `denied` one that may not be connected to,
 * `other` one that carries no streams.
 */
export type Listens = "somebody" | "nobody" | "missing" | "denied" | "other";

/**
 * Connects to an address, or the path of a Unix socket, once. It needs no time limit there: a Unix socket answers at once,
 * even where it is busy.
 */
export function whoListens(address: string | Address): Promise<Listens> {
	return new Promise((resolve) => {
		const socket = connect(
			typeof address === "string" ? { path: address } : netOptions(address),
		);
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
