// Gets in between by listening elsewhere: web servers are told the new address, and connections are handed on to where
// the application listens. Nothing of the application's is touched.

import { linkSync, realpathSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { FcgiInspectError } from "../errors.js";
import {
	type Address,
	formatAddress,
	fullAddress,
	isLocal,
	netOptions,
} from "./address.js";
import { type Entrance, type Say, SERVER_OPTIONS } from "./entrance.js";
import { asideName } from "./left-aside.js";
import { refuseToListen } from "./listen-refusal.js";
import { remove } from "./moved-socket.js";
import { lookAt, makeAlike, permit, type SocketFile } from "./socket-file.js";
import { SocketPlace } from "./socket-place.js";
import { closeWhenDrained, listenUnreachable } from "./unreachable-socket.js";
import { whoListens } from "./who-listens.js";

/** How to listen. */
export interface BesideOptions {
	readonly say: Say;
	/** Permissions of a Unix socket's file; by default those of `like`, or what the umask leaves. */
	readonly mode?: number;
	/** Where a socket is whose users are to be let in. */
	readonly like?: Address;
	/** Whether other machines may reach the address. */
	readonly allowRemote?: boolean;
}

/** An entrance at an address of its own. */
export class Beside implements Entrance {
	readonly address: string;
	readonly application: Address;
	readonly #listen: Address;
	readonly #options: BesideOptions;
	#server: Server | undefined;
	/** The path of the Unix socket that was made, and which file that is. */
	#made: { readonly path: string; readonly identity: string } | undefined;

	/** Throws FcgiInspectError where the two addresses are one, or others would reach it unasked. */
	constructor(listen: Address, application: Address, options: BesideOptions) {
		this.address = formatAddress(listen);
		this.application = application;
		this.#listen = listen;
		this.#options = options;
		if (this.address === formatAddress(application)) {
			throw new FcgiInspectError(
				"usage",
				`--listen ${this.address}: the application listens there; take another address, or leave --listen out to get in between in place`,
			);
		}
		if (!isLocal(listen) && options.allowRemote !== true) {
			throw new FcgiInspectError(
				"usage",
				`--listen ${this.address}: other machines may reach this address, and whoever reaches a FastCGI application can make it run what they like; add --allow-remote if that is meant`,
			);
		}
	}

	get applicationName(): string {
		return fullAddress(this.application);
	}

	async open(accept: (webServer: Socket) => void): Promise<void> {
		const server = createServer(SERVER_OPTIONS);
		server.on("connection", accept);
		const listen = this.#listen;
		try {
			if (listen.kind === "unix") await this.#listenAt(listen.path, server);
			else await listening(server, listen);
		} catch (error) {
			server.close();
			throw refuseToListen(error, listen);
		}
		server.on("error", (error) => this.#options.say(error.message));
		this.#server = server;
	}

	async close(): Promise<void> {
		const server = this.#server;
		this.#server = undefined;
		this.#removeMade();
		if (server !== undefined) await closeWhenDrained(server);
	}

	closeNow(): void {
		this.#removeMade();
		this.#server?.close();
		this.#server = undefined;
	}

	/** Listens under a temporary name until all is right, so that Node has none to remove that others may have taken. */
	async #listenAt(path: string, server: Server): Promise<void> {
		const place = new SocketPlace(path);
		try {
			await this.#makeRoom(place);
			const temporary = `${asideName(place.name)}.new0`;
			const umask = await listenUnreachable(server, place.address(temporary));
			const hidden = place.beside(temporary);
			try {
				const identity = freshSocket(place, hidden);
				this.#permit(hidden, identity, umask);
				// Where somebody was faster, this fails.
				linkSync(hidden, place.path);
				if (lookAt(place.path)?.identity !== identity) {
					remove(place.path);
					throw replaced(place);
				}
				this.#made = { path: place.path, identity };
			} finally {
				remove(hidden);
			}
		} finally {
			place.close();
		}
	}

	/** Whoever may connect to the socket that this is to be like may connect here, as far as it is ours to allow that. */
	#permit(path: string, identity: string, umask: number): void {
		const { mode, like } = this.#options;
		const model = mode === undefined ? fileOf(like) : undefined;
		if (model === undefined) {
			permit(path, mode ?? 0o777 & ~umask, identity);
			return;
		}
		try {
			makeAlike(path, model, identity);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
			const everybody = 0o007;
			const ours = 0o770 & ~umask;
			permit(path, ours | (model.mode & everybody), identity);
		}
	}

	/** Removes a socket that nobody listens at any more. */
	async #makeRoom(place: SocketPlace): Promise<void> {
		const file = lookAt(place.path);
		if (file === undefined) return;
		if (file.kind !== "socket") {
			throw new FcgiInspectError(
				"usage",
				`--listen ${place.given}: is a ${file.kind === "folder" ? "folder" : "file"} already; take another path`,
			);
		}
		if ((await whoListens(place.address())) !== "nobody") {
			throw new FcgiInspectError(
				"connection-failed",
				`--listen ${place.given}: somebody listens there already; take another path`,
			);
		}
		remove(place.path);
		this.#options.say(
			`${place.given}: replaced a socket that nobody listened at`,
		);
	}

	#removeMade(): void {
		const made = this.#made;
		this.#made = undefined;
		if (made === undefined) return;
		try {
			if (lookAt(made.path)?.identity === made.identity) remove(made.path);
		} catch (error) {
			this.#options.say((error as Error).message);
		}
	}
}

/** The file of a Unix socket, wherever links lead. */
function fileOf(address: Address | undefined): SocketFile | undefined {
	if (address?.kind !== "unix") return undefined;
	try {
		const file = lookAt(realpathSync(address.path));
		return file?.kind === "socket" ? file : undefined;
	} catch {
		// There may be none yet, or none that can be seen.
		return undefined;
	}
}

/** Which file the socket is that has just been made, and that nobody was let in to: nothing else looks like that. */
function freshSocket(place: SocketPlace, path: string): string {
	const file = lookAt(path);
	if (file?.kind === "socket" && file.mode === 0) return file.identity;
	throw replaced(place);
}

function replaced(place: SocketPlace): FcgiInspectError {
	return new FcgiInspectError(
		"connection-failed",
		`--listen ${place.given}: somebody else writes in ${place.folder}, or its access control list lets in others than are meant; take a path elsewhere`,
	);
}

function listening(server: Server, address: Address): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(netOptions(address), () => {
			server.off("error", reject);
			resolve();
		});
	});
}
