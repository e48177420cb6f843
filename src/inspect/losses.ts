// What a capture does not show of a connection, and what can be known of its requests all the same: whether an id was begun,
// and whether an open request would have been seen to end.

import type { Peer } from "../fastcgi/constants.js";
import type { OpenRequest } from "./open-request.js";

/** What was seen and lost of one connection. */
export class Losses {
	/** Whether records of a direction were seen at all: a capture may hold one direction only. */
	readonly #seen = { webServer: false, application: false };
	/** How often bytes of a direction were lost. */
	readonly #counts = { webServer: 0, application: 0 };
	/** Ids begun since bytes from the web server were last lost: of others, the beginning may have been missed. */
	readonly #begun = new Set<number>();
	/** For each open request: `#counts.application` when it began. */
	readonly #atBegin = new Map<OpenRequest, number>();

	/** Where its start was not seen, requests may have begun before. */
	constructor(startSeen: boolean) {
		if (!startSeen) this.#counts.webServer++;
	}

	/** Notes a record of a direction. */
	saw(from: Peer): void {
		this.#seen[from] = true;
	}

	/** Notes that bytes of a direction, in front of what comes next, are missing or no records. */
	lose(from: Peer): void {
		this.#counts[from]++;
		if (from === "webServer") this.#begun.clear();
	}

	/** Notes a BEGIN_REQUEST. */
	sawBegin(requestId: number): void {
		this.#begun.add(requestId);
	}

	/** Notes that a request is open from here on, be its beginning seen or not. */
	began(request: OpenRequest): void {
		this.#atBegin.set(request, this.#counts.application);
	}

	/** Notes that it is open no more. */
	ended(request: OpenRequest): void {
		this.#atBegin.delete(request);
	}

	/** Whether an id was begun since bytes from the web server were last lost. */
	wasBegun(requestId: number): boolean {
		return this.#begun.has(requestId);
	}

	/** Whether the input shows every BEGIN_REQUEST that the web server sent for an id. */
	beginKnown(requestId: number): boolean {
		if (!this.#seen.webServer) return false;
		return this.#counts.webServer === 0 || this.#begun.has(requestId);
	}

	/** Whether the input would show the END_REQUEST if the application had sent it. */
	endKnown(request: OpenRequest): boolean {
		return (
			this.#seen.application &&
			this.#atBegin.get(request) === this.#counts.application
		);
	}
}
