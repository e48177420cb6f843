// Sockets to a ring of chunks: hands connections on between a web server and an application, and tells what goes by.
// Traffic comes first: nothing that is done with the chunks can change or end it.

import type { NetConnectOpts, Socket } from "node:net";
import type { Peer } from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Closing, Connection } from "../inspect/chunk.js";
import { type Address, formatAddress, netOptions } from "./address.js";
import { unixTime } from "./clock.js";
import type { Entrance, Say } from "./entrance.js";
import { connectHearing, type HearingSocket } from "./hearing-socket.js";
import { HIGH_WATER_MARK, Relay, reset } from "./relay.js";
import type { RingMemory } from "./ring/ring-memory.js";
import { RingWriter } from "./ring/ring-writer.js";
import { whyRefused } from "./why-refused.js";

/** How a tap is to watch. */
export interface TapOptions {
	readonly entrance: Entrance;
	/** Leave bytes out of the view where it cannot keep up, and do not slow the traffic. */
	readonly lossyView: boolean;
	readonly say: Say;
	/** Where chunks are put. */
	readonly memory: RingMemory;
	/** Wakes whoever reads them. */
	readonly wake: () => void;
}

/** A hold so long is one that people notice. */
const SAY_HELD_MS = 1000;

/** How often it is looked whether all requests have ended, when the tap is to end. */
const LOOK_MS = 20;

/** Tells what passes an entrance. */
export class Tap {
	/** What has passed, and has not been looked at. */
	readonly passed: RingWriter;
	readonly #entrance: Entrance;
	readonly #say: Say;
	readonly #relays = new Set<Relay>();
	/** Web servers that wait for the application to accept. */
	readonly #waiting = new Set<Socket>();
	/** What connections that were accepted while the queue was full wait for. */
	readonly #deferred: (() => void)[] = [];
	/** Connections that are not shown, as the view is behind. */
	readonly #unseen = new WeakSet<Connection>();
	/** How many these were. */
	droppedConnections = 0;
	/** Runs while the queue is full, and traffic waits. */
	#held: NodeJS.Timeout | undefined;
	#connections = 0;
	/** Why the application refused the last connection; said once for all that are refused alike. */
	#refusal: string | undefined;
	/** Unix seconds of the last byte. */
	#lastByteAt = 0;

	constructor({ entrance, lossyView, say, memory, wake }: TapOptions) {
		this.#entrance = entrance;
		this.#say = say;
		this.passed = new RingWriter(memory, {
			lossy: lossyView,
			onRoom: () => this.#release(),
			wake,
		});
	}

	/** Begins. Throws FcgiInspectError where it cannot get in between. */
	async open(): Promise<void> {
		try {
			await this.#entrance.open((webServer) => this.#accept(webServer));
		} catch (error) {
			await this.#entrance.leave?.();
			throw error;
		}
	}

	/** Connections that are open now. */
	get openConnections(): number {
		return this.#relays.size + this.#waiting.size;
	}

	/**
	 * Ends: no more connections are accepted, what was moved is put back, and requests may end in so many milliseconds.
	 * `mayEnd` tells that none is open, as far as the chunks have been looked at, or that nobody wants to wait.
	 */
	async close(graceMs: number, mayEnd: () => boolean): Promise<void> {
		await this.#entrance.close();
		const until = Date.now() + graceMs;
		while (this.openConnections > 0 && Date.now() < until) {
			const quiet = unixTime() - this.#lastByteAt > (3 * LOOK_MS) / 1000;
			if (quiet && this.passed.empty && mayEnd()) break;
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
		for (const relay of this.#relays) relay.destroy();
		for (const webServer of this.#waiting) webServer.destroy();
		await this.#entrance.leave?.();
		this.passed.end();
	}

	#accept(webServer: Socket): void {
		const acceptedAt = unixTime();
		this.#waiting.add(webServer);
		const connect = () => this.#connect(webServer, acceptedAt);
		// Where whoever looks at what passes is behind, connections wait as bytes do.
		if (this.passed.full) this.#deferred.push(connect);
		else connect();
	}

	#connect(webServer: Socket, acceptedAt: number): void {
		if (webServer.destroyed) return;
		const hearing = connectHearing(connectOptions(this.#entrance.application));
		const application = hearing.socket;
		const done = () => {
			this.#waiting.delete(webServer);
			webServer.off("close", gone);
			webServer.off("error", ignored);
			application.off("error", refused);
		};
		const gone = () => {
			done();
			application.on("error", ignored);
			application.destroy();
		};
		const refused = (error: NodeJS.ErrnoException) => {
			done();
			this.#refused(webServer, acceptedAt, error);
		};
		webServer.on("close", gone);
		webServer.on("error", ignored);
		application.once("error", refused);
		application.once("connect", () => {
			done();
			this.#relay(webServer, hearing, acceptedAt);
		});
	}

	#relay(
		webServer: Socket,
		application: HearingSocket,
		acceptedAt: number,
	): void {
		this.#refusal = undefined;
		const connection = this.#connection(webServer, acceptedAt);
		this.#show(connection);
		const relay = new Relay(
			webServer,
			application,
			{
				data: (from, bytes) => {
					this.#push(connection, from, bytes, undefined);
					if (this.passed.full) this.#hold();
				},
				closed: (from, closing) =>
					this.#push(connection, from, NO_BYTES, closing),
				over: () => {
					this.#relays.delete(relay);
					this.passed.forget(connection);
				},
			},
			this.passed.full,
		);
		this.#relays.add(relay);
	}

	#refused(
		webServer: Socket,
		acceptedAt: number,
		error: NodeJS.ErrnoException,
	): void {
		const refusal = error.code ?? error.message;
		if (refusal === "EMFILE" || refusal === "ENFILE") {
			this.#sayRefusal(
				refusal,
				`no descriptor is left for a connection to the application (${refusal}): raise the limit (ulimit -n); each connection is reset meanwhile`,
			);
			webServer.on("error", ignored);
			reset(webServer);
			return;
		}
		const connection = {
			...this.#connection(webServer, acceptedAt),
			refused: true,
			connectError: refusal,
		};
		this.#show(connection);
		this.#push(connection, "application", NO_BYTES, "rst");
		this.passed.forget(connection);
		webServer.on("error", ignored);
		reset(webServer);
		this.#entrance.refused?.(error);
		this.#sayRefusal(
			refusal,
			`${connection.application}: ${whyRefused(error)}; each connection is passed on as a reset`,
		);
	}

	/** Says why connections come to nothing, once for all that do so for the same reason. */
	#sayRefusal(refusal: string, line: string): void {
		if (refusal === this.#refusal) return;
		this.#refusal = refusal;
		this.#say(line);
	}

	#connection(webServer: Socket, openedAt: number): Connection {
		const { remoteAddress, remotePort } = webServer;
		return {
			number: this.#connections++,
			...(remoteAddress === undefined || remotePort === undefined
				? {}
				: {
						webServer: formatAddress({
							kind: "tcp",
							host: remoteAddress.replace(/^::ffff:(?=\d+\.)/, ""),
							port: remotePort,
						}),
					}),
			application: this.#entrance.applicationName,
			openedAt,
			startSeen: true,
		};
	}

	#hold(): void {
		for (const relay of this.#relays) relay.hold();
		this.#held ??= setTimeout(() => {
			this.#say(
				"the traffic waits for whoever reads the output (--lossy-view lets it go on)",
			);
		}, SAY_HELD_MS).unref();
	}

	#release(): void {
		clearTimeout(this.#held);
		this.#held = undefined;
		for (const relay of this.#relays) relay.release();
		for (const connect of this.#deferred.splice(0)) connect();
	}

	/** Says that a connection is open, if it is to be shown: connections are numbered as they open. */
	#show(connection: Connection): void {
		if (this.passed.behind) {
			this.#unseen.add(connection);
			this.droppedConnections++;
			return;
		}
		this.#push(
			connection,
			"webServer",
			NO_BYTES,
			undefined,
			connection.openedAt,
		);
	}

	#push(
		connection: Connection,
		from: Peer,
		bytes: Buffer,
		closes: Closing | undefined,
		timestamp = unixTime(),
	): void {
		this.#lastByteAt = timestamp;
		if (this.#unseen.has(connection)) return;
		this.passed.push({
			connection,
			from,
			timestamp,
			bytes,
			frame: undefined,
			missingBefore: 0,
			closes,
		});
	}
}

/** Half-closes pass in both directions; and `highWaterMark`, which all streams take, is missing in the types. */
function connectOptions(
	address: Address,
): NetConnectOpts & { readonly highWaterMark: number } {
	return {
		...netOptions(address),
		allowHalfOpen: true,
		highWaterMark: HIGH_WATER_MARK,
	};
}

function ignored(): void {}
