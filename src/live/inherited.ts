// The entrance that a web server made itself: it started the tap in place of the application, with its listening socket as
// descriptor 0 (specification, section 2.2). Nothing was moved, so nothing has to be put back: who waits at the door when
// the tap ends waits for the next process that the web server starts. Nobody may touch process.stdin meanwhile: it would
// read from the same descriptor.

import { fstatSync, readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { FcgiInspectError } from "../errors.js";
import { FCGI_LISTENSOCK_FILENO } from "../fastcgi/constants.js";
import { type Address, formatAddress } from "./address.js";
import { type Entrance, type Say, SERVER_OPTIONS } from "./entrance.js";

/** Listening again sets how many may wait; as many as Linux allows, as the web server's own number is not known. */
const BACKLOG = 4096;

/** Accepts on the listening socket that is descriptor 0. */
export class Inherited implements Entrance {
	readonly application: Address;
	readonly #say: Say;
	#server: Server | undefined;
	#address = "descriptor 0";
	#lastReason: string | undefined;

	constructor(application: Address, say: Say) {
		this.application = application;
		this.#say = say;
	}

	/** What the web server connects to, once it is open. */
	get address(): string {
		return this.#address;
	}

	get applicationName(): string {
		return this.address;
	}

	async open(accept: (webServer: Socket) => void): Promise<void> {
		const inode = inheritedSocket();
		const server = createServer(SERVER_OPTIONS, accept);
		this.#server = server;
		await new Promise<void>((resolve, reject) => {
			server.once("error", () => reject(noListeningSocket()));
			server.once("listening", resolve);
			server.listen({ fd: FCGI_LISTENSOCK_FILENO, backlog: BACKLOG });
		});
		server.on("error", ({ message }) => this.#notAccepted(message));
		this.#address = addressOf(server, inode) ?? this.#address;
	}

	async close(): Promise<void> {
		this.closeNow();
	}

	closeNow(): void {
		this.#server?.close();
		this.#server = undefined;
	}

	#notAccepted(reason: string): void {
		if (this.#lastReason === reason) return;
		this.#lastReason = reason;
		this.#say(`a connection was not accepted: ${reason}`);
	}
}

/** The inode of the socket that is descriptor 0. Throws FcgiInspectError where that is known not to listen. */
export function inheritedSocket(): number {
	try {
		const found = fstatSync(FCGI_LISTENSOCK_FILENO);
		const listens = unixSocket(found.ino)?.listens ?? true;
		if (found.isSocket() && listens) return found.ino;
	} catch {
		// It is closed.
	}
	throw noListeningSocket();
}

function addressOf(server: Server, inode: number): string | undefined {
	const address = server.address();
	if (address === null || typeof address === "string") {
		return unixSocket(inode)?.name;
	}
	return formatAddress({
		kind: "tcp",
		host: address.address,
		port: address.port,
	});
}

/** What the system tells of a Unix socket, and node:net does not; undefined where the system does not either. */
function unixSocket(
	inode: number,
):
	| { readonly listens: boolean; readonly name: string | undefined }
	| undefined {
	try {
		const table = readFileSync("/proc/net/unix", "utf8");
		// Number, references and protocol are in front of the flags, type and state between them and the inode.
		const row = new RegExp(
			`^(?:\\S+ +){3}(\\S+) (?:\\S+ +){2}${inode}(?: (.+))?$`,
			"m",
		).exec(table);
		if (row === null) return undefined;
		const flags = Number.parseInt(row[1] as string, 16);
		return { listens: (flags & SO_ACCEPTCON) !== 0, name: row[2] };
	} catch {
		return undefined;
	}
}

/** The flag of a listening socket in /proc/net/unix. */
const SO_ACCEPTCON = 0x10000;

function noListeningSocket(): FcgiInspectError {
	return new FcgiInspectError(
		"usage",
		"descriptor 0 is no listening socket: --inherit is for a web server's configuration, such as lighttpd's bin-path",
	);
}
