// A listening socket in a folder that nobody else may enter, for a child to inherit. It is made, handed on and let go
// before the event loop turns, so that this process never accepts on it.

import {
	fstatSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FcgiInspectError } from "../../errors.js";
import { MAX_UNIX_PATH } from "../address.js";

/** Connections that may wait for an application: as many as Linux lets wait (net.core.somaxconn). */
const BACKLOG = 4096;

/** Opening a socket is tried again so often where another thread opens one at the same moment. */
const ATTEMPTS = 5;

/** A listening Unix socket. */
export interface PrivateSocket {
	/** The folder that the socket is alone in; only its owner may enter. */
	readonly folder: string;
	/** The socket's file. */
	readonly path: string;
	/** The listening descriptor of this process. */
	readonly descriptor: number;
	/** Closes the descriptor; has to be called in the same turn of the event loop. The file stays. */
	letGo(): void;
}

/** Listens in a new folder. Throws FcgiInspectError where that cannot be. */
export function listenPrivately(): PrivateSocket {
	const path = join(tmpdir(), "fcgi-inspect-XXXXXX", "app.sock");
	if (Buffer.byteLength(path) > MAX_UNIX_PATH) {
		throw new FcgiInspectError(
			"usage",
			`${tmpdir()}: too long for a Unix socket in it; set TMPDIR to a shorter folder`,
		);
	}
	const folder = newFolder();
	try {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			const socket = listenIn(folder);
			if (socket !== undefined) return socket;
		}
		throw new Error("other sockets were opened at the same time");
	} catch (error) {
		rmSync(folder, { recursive: true, force: true });
		throw new FcgiInspectError(
			"connection-failed",
			`${folder}: cannot listen in it: ${(error as Error).message}`,
		);
	}
}

function newFolder(): string {
	try {
		return mkdtempSync(join(tmpdir(), "fcgi-inspect-"));
	} catch (error) {
		throw new FcgiInspectError(
			"usage",
			`${tmpdir()}: no folder can be made in it for the application's socket (${(error as NodeJS.ErrnoException).code}); set TMPDIR to one that is writable`,
		);
	}
}

/** Undefined where it cannot be told which descriptor is the new one. */
function listenIn(folder: string): PrivateSocket | undefined {
	// Closing a server removes the file under the name that it was bound to.
	const bound = join(folder, "new.sock");
	const path = join(folder, "app.sock");
	const before = openSockets();
	const server = createServer();
	// What goes wrong is said a turn later, and seen here at once.
	let failure: Error | undefined;
	server.on("error", () => undefined);
	server.listen({ path: bound, backlog: BACKLOG });
	try {
		renameSync(bound, path);
	} catch (error) {
		failure = error as Error;
	}
	const made = [...openSockets()].filter(([key]) => !before.has(key));
	const [only] = made;
	if (failure !== undefined || only === undefined || made.length > 1) {
		server.close();
		if (failure !== undefined) throw failure;
		return undefined;
	}
	return { folder, path, descriptor: only[1], letGo: () => server.close() };
}

/** The descriptors of this process that are sockets, by number and inode: node:net does not tell that of a server. */
function openSockets(): Map<string, number> {
	const sockets = new Map<string, number>();
	for (const name of readdirSync("/dev/fd")) {
		try {
			const descriptor = Number(name);
			const found = fstatSync(descriptor);
			if (found.isSocket()) {
				sockets.set(`${name} ${found.ino}`, descriptor);
			}
		} catch {
			// The descriptor that the folder was read with is closed by now.
		}
	}
	return sockets;
}
