// A stream that comes, compared with a recorded one as it comes: to where they part, and no further.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { StreamDifference } from "../../inspect/comparison.js";
import type { StoredBytes } from "./stored-bytes.js";

/** Bytes that are shown of each from where they part: a few words. */
const SHOWN_BYTES = 32;

/** What is compared with. */
export interface RecordedStream {
	readonly kind: StreamDifference["kind"];
	readonly bytes: StoredBytes;
	/** Where in them the stream starts. */
	readonly from: number;
	/** Whether they are there to the stream's end. */
	readonly whole: boolean;
}

/** Compares one stream. */
export class StreamComparison {
	readonly #recorded: RecordedStream;
	readonly #length: number;
	/** Bytes that came. */
	#came = 0;
	/** Where they part; -1 where they have not. */
	#at = -1;
	#shown: Buffer = NO_BYTES;

	constructor(recorded: RecordedStream) {
		this.#recorded = recorded;
		this.#length = recorded.bytes.length - recorded.from;
	}

	/** Takes the next bytes. */
	push(content: Buffer): void {
		const start = this.#came;
		this.#came += content.length;
		if (this.#at >= 0) {
			this.#show(content);
			return;
		}
		const { bytes, from, whole } = this.#recorded;
		const there = bytes.read(from + start, content.length);
		const same = commonLength(there, content);
		if (same === content.length || (same === there.length && !whole)) return;
		this.#at = start + same;
		this.#show(content.subarray(same));
	}

	/** Where they part; undefined where they do not. With `givenUp`, one that is shorter than the other is no difference. */
	difference(givenUp: boolean): StreamDifference | undefined {
		let at = this.#at;
		if (at < 0 && this.#came < this.#length) at = this.#came;
		if (at < 0) return undefined;
		if (givenUp && at >= Math.min(this.#length, this.#came)) return undefined;
		const { kind, bytes, from, whole } = this.#recorded;
		return {
			kind,
			at,
			recorded: bytes.read(from + at, SHOWN_BYTES),
			replayed: this.#shown,
			recordedBytes: whole ? this.#length : undefined,
			replayedBytes: this.#came,
		};
	}

	#show(content: Buffer): void {
		const room = SHOWN_BYTES - this.#shown.length;
		if (room <= 0 || content.length === 0) return;
		this.#shown = Buffer.concat([this.#shown, content.subarray(0, room)]);
	}
}

/** How many bytes are the same at the start of both. */
function commonLength(a: Buffer, b: Buffer): number {
	const most = Math.min(a.length, b.length);
	if (a.compare(b, 0, most, 0, most) === 0) return most;
	let at = 0;
	while (a[at] === b[at]) at++;
	return at;
}
