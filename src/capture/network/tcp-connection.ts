// One TCP connection as far as a capture shows it: its two streams, and what is known of its life.

import type { Recognised, TcpFlow } from "../piece.js";
import type { FourTuple } from "./four-tuple.js";
import { type StreamTotals, TcpStream } from "./tcp-stream.js";

/** A connection; its fields are described in `TcpFlow`. */
export class TcpConnection implements TcpFlow {
	readonly streams: readonly [TcpStream, TcpStream];
	openedAt: number | undefined;
	lastFrame = 0;
	lastTimestamp = 0;
	recognised: Recognised | undefined;
	left = false;
	/** Whether it is kept only to know late copies of its segments. */
	buried = false;
	/** Another connection whose tuple has the same hash. */
	nextOfHash: TcpConnection | undefined;

	constructor(
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

	leave(): void {
		this.left = true;
		for (const stream of this.streams) stream.forget();
	}
}
