// One TCP connection as far as a capture shows it: its two streams, and what is known of its life.

import type { Recognised, Side } from "../recognition/flow.js";
import { endpointText, type FourTuple } from "./four-tuple.js";
import {
	type StreamOwner,
	type StreamTotals,
	TcpStream,
} from "./tcp-stream.js";

/** A connection; its fields are described in `Flow` and `StreamOwner`. */
export class TcpConnection implements StreamOwner {
	readonly streams: readonly [TcpStream, TcpStream];
	openerKnown = false;
	openedAt: number | undefined;
	lastFrame = 0;
	lastTimestamp: number | undefined;
	recognised: Recognised | undefined;
	refused = false;
	left = false;
	/** Whether it is kept only to know late copies of its segments. */
	buried = false;
	/** Another connection whose tuple has the same hash. */
	nextOfHash: TcpConnection | undefined;

	constructor(
		/** Its ends; side 0 is the source. */
		readonly tuple: FourTuple,
		/** `hashTuple` of it. */
		readonly hash: number,
		totals: StreamTotals,
	) {
		this.streams = [
			new TcpStream(this, 0, totals),
			new TcpStream(this, 1, totals),
		];
	}

	get closed(): boolean {
		const [a, b] = this.streams;
		return (
			(a.ended !== undefined && b.ended !== undefined) ||
			a.ended === "rst" ||
			b.ended === "rst"
		);
	}

	addressOf(side: Side): string {
		return endpointText(this.tuple, side === 0 ? "source" : "destination");
	}

	portOf(side: Side): number {
		return side === 0 ? this.tuple.sourcePort : this.tuple.destinationPort;
	}

	leave(): void {
		this.left = true;
		for (const stream of this.streams) stream.forget();
	}
}
