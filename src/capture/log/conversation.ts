// A socket of a traced process: what the process reads from it and writes to it becomes the pieces of a conversation.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { Piece, Side } from "../recognition/flow.js";
import { RecordedFlow } from "../recognition/recorded-flow.js";

/** Which way bytes went, as the process sees it. */
export type Way = "received" | "sent";

/** What is known of a socket when it is opened. */
export interface SocketOrigin {
	/** Whether the process opened the conversation (`connect`), or was asked for it (`accept`); undefined where that was not seen. */
	readonly openedByProcess: boolean | undefined;
	readonly openedAt: number | undefined;
	/** Whether no bytes can have passed before the first that is seen. */
	readonly startKnown: boolean;
	readonly ownAddress: string | undefined;
	readonly peerAddress: string | undefined;
}

/** One socket. */
export class Conversation {
	readonly #origin: SocketOrigin;
	readonly #own: Side;
	readonly #pieces: Piece[];
	#flow: RecordedFlow | undefined;
	/** Bytes that the log does not have, since the last piece. */
	readonly #missing = { received: 0, sent: 0 };
	readonly #ended = { received: false, sent: false };
	#over = false;
	/** Descriptors that stand for it, in one process or in several. */
	descriptors = 1;
	/** Bytes that passed and that the log does not have. */
	missingBytes = 0;
	/** The line of the first of them. */
	firstMissing: number | undefined;

	/** Pieces are added to the list. */
	constructor(origin: SocketOrigin, pieces: Piece[]) {
		this.#origin = origin;
		this.#own = origin.openedByProcess ? 0 : 1;
		this.#pieces = pieces;
	}

	/** Whether the log shows how it was opened. */
	get originKnown(): boolean {
		return this.#origin.openedByProcess !== undefined;
	}

	/** Whether it was recognised as FastCGI. */
	get recognised(): boolean {
		return this.#flow?.recognised !== undefined;
	}

	/** The next bytes one way, copied, and how many behind them the log does not have. */
	bytes(
		way: Way,
		bytes: Buffer,
		missingBehind: number,
		timestamp: number | undefined,
	): void {
		if (this.#over) return;
		if (bytes.length > 0) this.#push(way, Buffer.from(bytes), timestamp);
		this.#missing[way] += missingBehind;
	}

	/** Says that nothing more comes one way: an end of file read, or `shutdown`. */
	end(way: Way, timestamp: number | undefined): void {
		if (this.#over || this.#ended[way]) return;
		this.#ended[way] = true;
		this.#close(way, "fin", timestamp);
	}

	/** Says that the peer has broken it off. */
	reset(timestamp: number | undefined): void {
		if (this.#over) return;
		this.#over = true;
		this.#close("received", "rst", timestamp);
	}

	/** Says that the process has closed it: it reads nothing more, either. */
	close(timestamp: number | undefined): void {
		this.end("sent", timestamp);
		this.end("received", timestamp);
		this.#over = true;
	}

	/** Says that the log ends here: what is missing at the end is told. */
	finish(): void {
		for (const way of ["received", "sent"] as const) {
			if (this.#missing[way] > 0) this.#push(way, NO_BYTES, undefined);
		}
	}

	#push(way: Way, bytes: Buffer, timestamp: number | undefined): void {
		const missingBefore = this.#missing[way];
		this.#missing[way] = 0;
		this.#pieces.push(
			this.#known().piece(this.#side(way), bytes, { timestamp, missingBefore }),
		);
	}

	/** A socket that nothing was seen on is none that anybody wants to hear of. */
	#close(way: Way, closes: "fin" | "rst", timestamp: number | undefined): void {
		if (this.#flow === undefined && this.#missing[way] === 0) return;
		const missingBefore = this.#missing[way];
		this.#missing[way] = 0;
		this.#pieces.push(
			this.#known().piece(this.#side(way), NO_BYTES, {
				timestamp,
				missingBefore,
				closes,
			}),
		);
	}

	#side(way: Way): Side {
		if (way === "sent") return this.#own;
		return this.#own === 0 ? 1 : 0;
	}

	#known(): RecordedFlow {
		const { openedByProcess, openedAt, startKnown, ownAddress, peerAddress } =
			this.#origin;
		this.#flow ??= new RecordedFlow({
			addresses:
				this.#own === 0 ? [ownAddress, peerAddress] : [peerAddress, ownAddress],
			openerKnown: openedByProcess !== undefined,
			openedAt,
			startKnown,
			inputLags: true,
		});
		return this.#flow;
	}
}
