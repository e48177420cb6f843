// Two sockets as one connection: what comes in on one goes out on the other, bytes, order, half-closes, resets and
// slowness alike. It tells what went by after it has handed it on, and knows nothing of FastCGI.

import type { Socket } from "node:net";
import { otherPeer, type Peer } from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Closing } from "../inspect/chunk.js";
import type { HearingSocket } from "./hearing-socket.js";
import { surviveRefusedWrites } from "./refused-writes.js";

/** Who is told what went by. */
export interface RelayObserver {
	/** Bytes were handed on: a view, to be copied by who keeps it. */
	data(from: Peer, bytes: Buffer): void;
	/** An end said its last word. */
	closed(from: Peer, closing: Closing): void;
	/** Both ends are gone. */
	over(): void;
}

/** Bytes that may wait in the process for a slow reader, each direction: about what a socket of the system holds. */
export const HIGH_WATER_MARK = 256 * 1024;

/** One end of the connection. */
interface End {
	readonly peer: Peer;
	readonly socket: Socket;
	readonly isTcp: boolean;
	/** Why nothing more is read from it; undefined while it speaks. */
	closing: Closing | undefined;
	/** Whether it takes no more: what is written to it is refused. */
	deaf: boolean;
	/** Whether its reading waits until the other end has taken what it said. */
	waits: boolean;
	closed: boolean;
}

/** A connection that is handed on. Both sockets are open, paused, and have `allowHalfOpen`. */
export class Relay {
	readonly #ends: Readonly<Record<Peer, End>>;
	readonly #observer: RelayObserver;
	#held = false;

	constructor(
		webServer: Socket,
		application: HearingSocket,
		observer: RelayObserver,
		held: boolean,
	) {
		this.#observer = observer;
		this.#held = held;
		this.#ends = {
			webServer: newEnd("webServer", webServer),
			application: newEnd("application", application.socket),
		};
		webServer.on("data", (bytes: Buffer) =>
			this.#handOn(this.#ends.webServer, bytes),
		);
		application.hear = (bytes) => {
			this.#handOn(this.#ends.application, bytes);
			// What the system did not take at once will be written from there.
			return webServer.writableLength > 0 ? "kept" : undefined;
		};
		application.free = () => webServer.writableLength === 0;
		this.#attach(this.#ends.webServer);
		this.#attach(this.#ends.application);
	}

	/** Reads no more until `release`: whoever looks at the traffic is behind. */
	hold(): void {
		this.#held = true;
		this.#ends.webServer.socket.pause();
		this.#ends.application.socket.pause();
	}

	/** Goes on. */
	release(): void {
		this.#held = false;
		this.#resume(this.#ends.webServer);
		this.#resume(this.#ends.application);
	}

	/** Ends both connections at once. */
	destroy(): void {
		this.#ends.webServer.socket.destroy();
		this.#ends.application.socket.destroy();
	}

	#attach(end: End): void {
		const { socket, peer } = end;
		const other = this.#ends[otherPeer(peer)];
		surviveRefusedWrites(socket, () => this.#deaf(end));
		// Small records must not wait for others to be sent with them: the end that sent them did not.
		socket.setNoDelay(true);
		socket.on("drain", () => {
			other.waits = false;
			this.#resume(other);
		});
		// An end that takes no more has broken off, and not ended.
		socket.on("end", () => this.#silent(end));
		socket.on("error", () => {
			// What was read while the other end was slow is still here, and was said before the reset.
			const rest: Buffer | null = socket.read();
			if (rest !== null) this.#handOn(end, rest);
			this.#ended(end, "rst");
		});
		socket.on("close", () => {
			end.closed = true;
			if (other.closed) this.#observer.over();
			// Nothing that the other end says from here on could be passed on.
			else destroyAfterwards(other.socket);
		});
		this.#resume(end);
	}

	#handOn(end: End, bytes: Buffer): void {
		const other = this.#ends[otherPeer(end.peer)];
		if (other.deaf) return;
		if (!other.socket.write(bytes)) {
			end.waits = true;
			end.socket.pause();
		}
		this.#observer.data(end.peer, bytes);
	}

	/**
	 * An end says nothing more, and may be gone altogether: node:net does not tell, and takes a reset that comes together
	 * with the last bytes for an end. The system tells when it is asked to write, even if nothing; where something waits to
	 * be written, that tells.
	 */
	#silent(end: End): void {
		const { socket } = end;
		const brokenOff = end.deaf;
		if (socket.writable && socket.writableLength === 0) socket.write(NO_BYTES);
		// A Unix socket is refused where its other end was closed, and one of TCP only where that was reset.
		this.#ended(end, brokenOff || (end.deaf && end.isTcp) ? "rst" : "fin");
	}

	#resume(end: End): void {
		const other = this.#ends[otherPeer(end.peer)];
		if (this.#held || end.waits || other.deaf) return;
		end.socket.resume();
	}

	/** An end says nothing more. */
	#ended(end: End, closing: Closing): void {
		if (end.closing === "rst") return;
		end.closing = closing;
		this.#observer.closed(end.peer, closing);
		const other = this.#ends[otherPeer(end.peer)];
		if (closing === "fin" && !end.deaf) {
			other.socket.end();
			return;
		}
		resetAfterwards(other.socket);
		if (closing === "rst") return;
		// Nobody is there to be told anything: what the other end says from here on is refused.
		other.socket.once("close", () => {
			if (other.closing !== undefined) return;
			other.closing = "fin";
			this.#observer.closed(other.peer, "fin");
		});
	}

	/** An end takes no more. It may still speak: an application may answer, and close, before it has read all. */
	#deaf(end: End): void {
		if (end.deaf) return;
		end.deaf = true;
		const other = this.#ends[otherPeer(end.peer)];
		// What stays unread makes a reset of the other's end, as it did of this one's.
		other.socket.pause();
		if (end.closing !== undefined) this.#ended(end, "rst");
	}
}

/** Closes a connection once what was said on it is out. */
function destroyAfterwards(socket: Socket): void {
	if (socket.writableFinished) {
		socket.destroy();
		return;
	}
	if (!socket.writableEnded) socket.end();
	socket.once("finish", () => socket.destroy());
}

/** Resets a connection once what was said on it is out. */
function resetAfterwards(socket: Socket): void {
	if (socket.writableFinished) reset(socket);
	else if (socket.writableEnded) socket.once("finish", () => reset(socket));
	else socket.write(NO_BYTES, () => reset(socket));
}

/** Ends a connection so that its other end sees a reset, as near as can be. */
export function reset(socket: Socket): void {
	if (socket.remoteFamily !== undefined) socket.resetAndDestroy();
	// A Unix socket is reset where something it was sent is unread.
	else socket.destroy();
}

function newEnd(peer: Peer, socket: Socket): End {
	return {
		peer,
		socket,
		// Asked while it is connected: after a reset nobody knows.
		isTcp: socket.remoteFamily !== undefined,
		closing: undefined,
		deaf: false,
		waits: false,
		closed: false,
	};
}
