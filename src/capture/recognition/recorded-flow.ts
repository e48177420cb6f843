// A conversation as a log or a dump tells it: unlike a TCP connection, its bytes come in order, each once.

import type { Closing } from "../../inspect/chunk.js";
import { type Flow, Piece, type Recognised, type Side } from "./flow.js";

/** What is known of a conversation when it is first seen. */
export interface RecordedFlowOptions {
	/** Addresses of side 0 and side 1, as people write them. */
	readonly addresses?: readonly [string | undefined, string | undefined];
	/** Whether side 0 is known to have opened it; false by default. */
	readonly openerKnown?: boolean;
	/** Unix seconds at which it was opened. */
	readonly openedAt?: number | undefined;
	/** Whether the first bytes that come are its first; false by default. */
	readonly startKnown?: boolean;
	/** Whether bytes are shown when an end has read them, and not when they were sent; false by default. */
	readonly inputLags?: boolean;
}

/** When and where bytes were seen, and what is missing in front of them. */
export interface Sighting {
	readonly timestamp?: number | undefined;
	readonly frame?: number | undefined;
	readonly missingBefore?: number;
	readonly closes?: Closing | undefined;
}

/** A conversation; makes the pieces of it. */
export class RecordedFlow implements Flow {
	readonly openerKnown: boolean;
	readonly openedAt: number | undefined;
	readonly inputLags: boolean;
	readonly streams: readonly [RecordedStream, RecordedStream];
	recognised: Recognised | undefined;
	left = false;
	readonly #addresses: readonly (string | undefined)[];

	constructor(options: RecordedFlowOptions = {}) {
		this.#addresses = options.addresses ?? [undefined, undefined];
		this.openerKnown = options.openerKnown ?? false;
		this.openedAt = options.openedAt;
		this.inputLags = options.inputLags ?? false;
		const startKnown = options.startKnown ?? false;
		this.streams = [
			{ started: false, startKnown, closed: undefined },
			{ started: false, startKnown, closed: undefined },
		];
	}

	get closed(): boolean {
		const [a, b] = this.streams;
		if (a.closed === "rst" || b.closed === "rst") return true;
		return a.closed !== undefined && b.closed !== undefined;
	}

	/** The next bytes of a side; a view, as they are. */
	piece(side: Side, bytes: Buffer, sighting: Sighting = {}): Piece {
		const stream = this.streams[side];
		stream.started = true;
		stream.closed ??= sighting.closes;
		return new Piece(
			this,
			side,
			sighting.timestamp,
			bytes,
			sighting.frame,
			sighting.missingBefore ?? 0,
			sighting.closes,
		);
	}

	leave(): void {
		this.left = true;
	}

	addressOf(side: Side): string | undefined {
		return this.#addresses[side];
	}

	portOf(side: Side): number | undefined {
		const port = /:(\d{1,5})$/.exec(this.#addresses[side] ?? "")?.[1];
		return port === undefined ? undefined : Number(port);
	}
}

/** One direction. */
interface RecordedStream {
	started: boolean;
	startKnown: boolean;
	/** How it ended, once it has. */
	closed: Closing | undefined;
}
