// Gets in between without a change of configuration: the application's socket is moved aside, and the tap listens under
// its name until it is put back. The application may restart, or die, meanwhile: that is watched for.

import { createServer, type Server, type Socket } from "node:net";
import { resolve } from "node:path";
import { FcgiInspectError } from "../errors.js";
import { hasAccessList } from "./access-list.js";
import type { Address } from "./address.js";
import { type Entrance, type Say, SERVER_OPTIONS } from "./entrance.js";
import { ListeningLine } from "./listening-line.js";
import { MovedSocket, type PutBack } from "./moved-socket.js";
import { placeOf, repair } from "./restore-socket.js";
import { lookAt, type SocketFile } from "./socket-file.js";
import type { SocketPlace } from "./socket-place.js";
import { noListener, noSocket, refusal } from "./socket-refusal.js";
import { closeWhenDrained } from "./unreachable-socket.js";
import { whoListens } from "./who-listens.js";

/** Often enough that an application which is started anew right after it died finds its place; a look takes about 1 ms. */
const LOOK_EVERY_MS = 250;

/** An entrance in the application's own place. A symbolic link is followed once, to the socket that it leads to then. */
export class InPlace implements Entrance {
	readonly address: string;
	readonly #place: SocketPlace;
	readonly #say: Say;
	#accept: (webServer: Socket) => void = (socket) => socket.destroy();
	/** Where the application's socket is; undefined while there is none to be in front of. */
	#moved: MovedSocket | undefined;
	#server: Server | undefined;
	/** Servers whose name is gone, and that still accept who waits. */
	readonly #leaving = new Set<Promise<void>>();
	#line: ListeningLine | undefined;
	#timer: NodeJS.Timeout | undefined;
	#look: Promise<void> | undefined;
	#wasRefused = false;
	#closed = false;
	/** What was said last of a state that lasts, so that it is said once. */
	#said = "";
	/** A socket that could not be moved aside, and when it was made: it is not tried again. */
	#failed = "";

	/** Throws FcgiInspectError where there is no such folder. */
	constructor(path: string, say: Say) {
		this.address = path;
		this.#place = placeOf(path);
		this.#say = say;
	}

	/** Changes when the application does: to be asked for each connection. */
	get application(): Address {
		const path =
			this.#moved === undefined
				? this.address
				: this.#place.address(this.#moved.aside);
		return { kind: "unix", path };
	}

	get applicationName(): string {
		return resolve(this.address);
	}

	async open(accept: (webServer: Socket) => void): Promise<void> {
		this.#accept = accept;
		try {
			await repair(this.#place, this.#say);
			await this.#attach();
		} catch (error) {
			this.#place.close();
			throw refusal(error, this.#place, "look");
		}
		if (this.#closed) return;
		// It keeps the process alive while nothing else does: a tap waits for its application.
		this.#timer = setInterval(() => void this.#watch(), LOOK_EVERY_MS);
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearInterval(this.#timer);
		await this.#look;
		await this.#forgetIfGone();
		this.closeNow();
		await Promise.all(this.#leaving);
		this.#place.close();
	}

	closeNow(): void {
		this.#closed = true;
		clearInterval(this.#timer);
		this.#putBack();
	}

	refused(error: NodeJS.ErrnoException): void {
		if (error.code !== "ECONNREFUSED" && error.code !== "ENOENT") return;
		this.#wasRefused = true;
		void this.#watch();
	}

	/** Moves the socket that is there now aside. Throws FcgiInspectError where it cannot be. */
	async #attach(): Promise<void> {
		const place = this.#place;
		const file = lookAt(place.path);
		const none = noSocket(place.given, file);
		if (file === undefined || none !== undefined) throw none;
		const nobody = noListener(
			place.given,
			await whoListens(place.address()),
			file,
		);
		if (nobody !== undefined) throw nobody;
		if (await hasAccessList(place.path)) throw accessListed(place.given);
		const line = ListeningLine.of(place);
		if (this.#closed) return;
		// The socket of an application that has made another.
		this.#forget();
		const server = createServer(SERVER_OPTIONS);
		server.on("connection", (socket) => this.#accept(socket));
		this.#moved = await MovedSocket.move(place, server, file);
		this.#server = server;
		this.#line = line;
		// Such as having no descriptor left for a connection, which the system goes on to hold.
		server.on("error", (error) => this.#sayOnce(error.message));
	}

	/** Looks at the place, unless it is being looked at. Never rejects: traffic goes on whatever is found. */
	async #watch(): Promise<void> {
		if (this.#look !== undefined || this.#closed) return;
		this.#look = this.#see().catch((error: NodeJS.ErrnoException) => {
			const { code, message } = error;
			this.#sayOnce(
				code === undefined
					? `${this.address}: ${message}`
					: refusal(error, this.#place, "look").message,
			);
		});
		await this.#look;
		this.#look = undefined;
	}

	async #see(): Promise<void> {
		const moved = this.#moved;
		const standing = moved?.standing();
		if (moved === undefined || standing === "replaced") {
			await this.#attachAgain();
			return;
		}
		const suspect =
			this.#isSuspect() || (standing === "missing" && this.#line === undefined);
		const dead = suspect && (await this.#isDead(moved));
		if (this.#closed) return;
		if (standing === "ours") {
			if (!dead || this.#putBack() !== "put-back") return;
			this.#sayOnce(
				`${this.address}: the application is gone and has left its socket, which was put back; waiting for the application`,
			);
			return;
		}
		this.#sayOnce(
			`${this.address}: the socket was removed; waiting for the application to make it anew`,
		);
		if (dead) this.#forget();
	}

	/** Whether there is a reason to ask if the application still listens. */
	#isSuspect(): boolean {
		const refused = this.#wasRefused;
		this.#wasRefused = false;
		return refused || this.#line?.stands() === false;
	}

	/** Asks whether nobody listens at the application's socket any more. */
	async #isDead(moved: MovedSocket): Promise<boolean> {
		const listens = await whoListens(this.#place.address(moved.aside));
		// The list has lost the line of a socket that is alive: then it was another's.
		if (listens === "somebody") this.#line = undefined;
		return listens === "nobody" || listens === "missing";
	}

	async #attachAgain(): Promise<void> {
		const file = lookAt(this.#place.path);
		if (file?.kind !== "socket" || this.#failed === versionOf(file)) return;
		if ((await whoListens(this.#place.address())) !== "somebody") return;
		if (this.#closed) return;
		try {
			await this.#attach();
		} catch (error) {
			// What was done and undone has changed it.
			const now = lookAt(this.#place.path);
			if (now?.identity === file.identity) this.#failed = versionOf(now);
			throw error;
		}
		if (this.#closed) return;
		this.#said = "";
		this.#say(
			`${this.address}: the application has made its socket anew, and the tap is in front of it again`,
		);
	}

	#putBack(): PutBack | undefined {
		const moved = this.#moved;
		this.#moved = undefined;
		this.#leave();
		try {
			const became = moved?.putBack();
			if (moved !== undefined && became === "lost") {
				this.#say(
					`${this.address}: somebody has removed ${this.#place.beside(moved.aside)}, the application's own socket; start the application anew`,
				);
			}
			return became;
		} catch (error) {
			this.#say(refusal(error, this.#place, "move").message);
			return undefined;
		}
	}

	/** What an application removed before it went is not put back. */
	async #forgetIfGone(): Promise<void> {
		const moved = this.#moved;
		try {
			if (moved?.standing() !== "missing") return;
			if (await this.#isDead(moved)) this.#forget();
		} catch {
			// Putting it back says what is wrong.
		}
	}

	#forget(): void {
		this.#moved?.forget();
		this.#moved = undefined;
		this.#leave();
	}

	/** Lets the server accept who still waits, and close. */
	#leave(): void {
		if (this.#server === undefined) return;
		const left = closeWhenDrained(this.#server);
		this.#server = undefined;
		this.#leaving.add(left);
		void left.then(() => this.#leaving.delete(left));
	}

	#sayOnce(line: string): void {
		if (line === this.#said) return;
		this.#said = line;
		this.#say(line);
	}
}

function versionOf(file: SocketFile): string {
	return `${file.identity}:${file.changed}`;
}

function accessListed(given: string): FcgiInspectError {
	return new FcgiInspectError(
		"connection-failed",
		`${given}: has an access control list, which cannot be copied to another socket; use --listen`,
	);
}
