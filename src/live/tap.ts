// Sockets to chunks: hands connections on between a web server and an application, and tells what goes by. Traffic comes
// first: nothing that is done with the chunks can change or end it.

import { connect, type NetConnectOpts, type Socket } from "node:net";
import type { Peer } from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type {
	Chunk,
	ChunkSource,
	Closing,
	Connection,
	SourceReport,
} from "../inspect/chunk.js";
import { type Address, formatAddress, netOptions } from "./address.js";
import { ChunkQueue } from "./chunk-queue.js";
import { unixTime } from "./clock.js";
import type { Entrance, Say } from "./entrance.js";
import { HIGH_WATER_MARK, Relay, reset } from "./relay.js";

/** How a tap is to watch. */
export interface TapOptions {
	readonly entrance: Entrance;
	/** Leave bytes out of the view where it cannot keep up, and do not slow the traffic. */
	readonly lossyView: boolean;
	readonly say: Say;
}

/** How often it is looked whether all requests have ended, when the tap is to end. */
const LOOK_MS = 20;

/** A live source: what passes an entrance. */
export class Tap implements ChunkSource {
	readonly live = true;
	readonly report: SourceReport = {
		format: "tap",
		truncated: false,
		remarks: [],
		otherConnections: 0,
	};
	readonly #entrance: Entrance;
	readonly #queue: ChunkQueue;
	readonly #say: Say;
	readonly #relays = new Set<Relay>();
	/** Web servers that wait for the application to accept. */
	readonly #waiting = new Set<Socket>();
	#connections = 0;
	/** Why the application refused the last connection; said once for all that are refused alike. */
	#refusal: string | undefined;
	/** Unix seconds of the last byte. */
	#lastByteAt = 0;

	constructor({ entrance, lossyView, say }: TapOptions) {
		this.#entrance = entrance;
		this.#say = say;
		this.#queue = new ChunkQueue({
			lossy: lossyView,
			onRoom: () => {
				for (const relay of this.#relays) relay.release();
			},
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

	/** Bytes that the view could not keep up with. */
	get droppedBytes(): number {
		return this.#queue.droppedBytes;
	}

	/** Connections that are open now. */
	get openConnections(): number {
		return this.#relays.size + this.#waiting.size;
	}

	/**
	 * Ends: no more connections are accepted, what was moved is put back, and requests may end in so many seconds.
	 * `openRequests` tells how many there are, as far as the chunks have been looked at.
	 */
	async close(graceMs: number, openRequests: () => number): Promise<void> {
		await this.#entrance.close();
		const until = Date.now() + graceMs;
		while (this.openConnections > 0 && Date.now() < until) {
			const quiet = unixTime() - this.#lastByteAt > (3 * LOOK_MS) / 1000;
			if (quiet && this.#queue.empty && openRequests() === 0) break;
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
		}
		for (const relay of this.#relays) relay.destroy();
		for (const webServer of this.#waiting) webServer.destroy();
		await this.#entrance.leave?.();
		this.#queue.end();
	}

	[Symbol.asyncIterator](): AsyncIterator<readonly Chunk[]> {
		return this.#queue[Symbol.asyncIterator]();
	}

	#accept(webServer: Socket): void {
		const acceptedAt = unixTime();
		this.#waiting.add(webServer);
		const application = connect(connectOptions(this.#entrance.application));
		application.pause();
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
			this.#relay(webServer, application, acceptedAt);
		});
	}

	#relay(webServer: Socket, application: Socket, acceptedAt: number): void {
		this.#refusal = undefined;
		const connection = this.#connection(webServer, acceptedAt);
		// Connections are numbered as they open, so each says so before it says anything else.
		this.#push(connection, "webServer", NO_BYTES, undefined, acceptedAt);
		const relay = new Relay(
			webServer,
			application,
			{
				data: (from, bytes) => {
					this.#push(connection, from, bytes, undefined);
					if (this.#queue.full) this.#hold();
				},
				closed: (from, closing) =>
					this.#push(connection, from, NO_BYTES, closing),
				over: () => this.#relays.delete(relay),
			},
			this.#queue.full,
		);
		this.#relays.add(relay);
	}

	#refused(
		webServer: Socket,
		acceptedAt: number,
		error: NodeJS.ErrnoException,
	): void {
		const refusal = error.code ?? error.message;
		const connection = {
			...this.#connection(webServer, acceptedAt),
			refused: true,
			connectError: refusal,
		};
		this.#push(connection, "webServer", NO_BYTES, undefined, acceptedAt);
		this.#push(connection, "application", NO_BYTES, "rst");
		webServer.on("error", ignored);
		reset(webServer);
		this.#entrance.refused?.(error);
		if (refusal === this.#refusal) return;
		this.#refusal = refusal;
		this.#say(
			`the application refuses connections (${error.message}): each is passed on as a reset`,
		);
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
			application: this.#entrance.address,
			openedAt,
			startSeen: true,
		};
	}

	#hold(): void {
		for (const relay of this.#relays) relay.hold();
	}

	#push(
		connection: Connection,
		from: Peer,
		bytes: Buffer,
		closes: Closing | undefined,
		timestamp = unixTime(),
	): void {
		this.#lastByteAt = timestamp;
		this.#queue.push({
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
