// What all ways of getting in between have in common: a place where web servers connect, and one where the application
// listens. Who moves sockets aside, or starts applications, does it behind this.

import type { Socket } from "node:net";
import type { Address } from "./address.js";
import { HIGH_WATER_MARK } from "./relay.js";

/** A way of getting in between a web server and an application. */
export interface Entrance {
	/** Where web servers connect, for people. */
	readonly address: string;
	/** What the application is to be called: its own address, as far as there is one that people know. */
	readonly applicationName: string;
	/** Where connections are handed on to. */
	readonly application: Address;
	/**
	 * Begins to accept. Each socket is handed over paused, so that nothing of it is read before somebody listens; its
	 * other direction stays open when it ends (`allowHalfOpen`). Throws FcgiInspectError where it cannot be.
	 */
	open(accept: (webServer: Socket) => void): Promise<void>;
	/** Puts back what was moved, in one step; who was let in or waits at the door until then is still accepted. */
	close(): Promise<void>;
	/** Ends what was started, once the last connection is over. */
	leave?(): Promise<void>;
	/** Both at once, without waiting for anything: the process is about to exit. */
	closeNow(): void;
	/** Says that the application's end refused a connection, so that it may be looked at. */
	refused?(error: NodeJS.ErrnoException): void;
}

/**
 * What an entrance makes its server with: nothing is read of a socket before somebody listens, its directions end one by
 * one, and it holds as much for a slow reader as those to the application.
 */
export const SERVER_OPTIONS = {
	allowHalfOpen: true,
	pauseOnConnect: true,
	highWaterMark: HIGH_WATER_MARK,
} as const;

/** Says a line to the person who watches: what was noticed, without the name of the program. */
export type Say = (line: string) => void;
