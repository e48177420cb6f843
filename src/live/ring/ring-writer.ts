// The writing end of a ring: sockets put chunks in as they come. It is bounded: beyond, the sockets are to wait, or bytes
// are left out of the view, counted.

import type { Peer } from "../../fastcgi/constants.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { Chunk, Connection } from "../../inspect/chunk.js";
import {
	CONTROL,
	COUNT,
	FRAME,
	frameLength,
	HEADER,
	MAX_PAYLOAD,
	READER,
	RING_BYTES,
	type RingMemory,
	RingViews,
	WORD,
} from "./ring-memory.js";
import { BATCH_BYTES } from "./ring-reader.js";

/** Bytes beyond which the reader is behind. What sockets still say while they are told to wait has the rest. */
export const MAX_QUEUED_BYTES = RING_BYTES - RING_BYTES / 4;

/** What a writer is given. */
export interface RingWriterOptions {
	/** Leave bytes out, and count them, where the reader is behind; otherwise `full` asks the sockets to wait. */
	readonly lossy: boolean;
	/** There is room again. */
	readonly onRoom: () => void;
	/** Wakes the reader. */
	readonly wake: () => void;
}

interface Frame {
	readonly kind: number;
	readonly connection: number;
	readonly bytes: Buffer;
	/** Of the web server; otherwise of the application. */
	readonly fromWebServer: boolean;
	readonly closes: Chunk["closes"];
	readonly timestamp: number;
	readonly missingBefore: number;
}

/** Puts chunks into a ring. */
export class RingWriter {
	readonly #ring: RingViews;
	readonly #options: RingWriterOptions;
	#written = 0;
	/** Frames for which the ring had no room: what sockets said before they waited. */
	#overflow: Frame[] = [];
	#full = false;
	readonly #known = new Set<Connection>();
	/** Bytes left out of each direction since its last chunk. */
	readonly #leftOut = new Map<Connection, Record<Peer, number>>();
	/** Bytes left out in all. */
	droppedBytes = 0;

	constructor(memory: RingMemory, options: RingWriterOptions) {
		this.#ring = new RingViews(memory);
		this.#options = options;
	}

	/** Whether the reader is behind, so that whoever can should wait. */
	get full(): boolean {
		return this.#full;
	}

	/** Whether the reader is so far behind that a lossy ring takes no more bytes. */
	get behind(): boolean {
		return this.#options.lossy && this.#queued > MAX_QUEUED_BYTES;
	}

	/** Whether all that was put in has been looked at. */
	get empty(): boolean {
		return this.#unread || (this.#overflow.length === 0 && this.#queued === 0);
	}

	/** Puts a chunk in; its bytes are copied. */
	push(chunk: Chunk): void {
		if (this.#unread) return;
		const { connection, from, bytes } = chunk;
		const { lossy } = this.#options;
		const over =
			this.#overflow.length > 0 ||
			this.#queued + bytes.length > MAX_QUEUED_BYTES;
		if (over && lossy && bytes.length > 0) {
			this.#leaveOut(chunk);
			return;
		}
		if (!this.#known.has(connection)) this.#introduce(connection);
		this.#pushFrames(chunk, this.#missing(connection, from));
		if (over && !lossy) {
			this.#full = true;
			this.#askForRoom();
		}
	}

	/** Says that no more chunks follow of a connection. */
	forget(connection: Connection): void {
		this.#leftOut.delete(connection);
		if (!this.#known.delete(connection) || this.#unread) return;
		this.#add({
			...NO_FRAME,
			kind: FRAME.forget,
			connection: connection.number,
		});
	}

	/** Says that no chunk follows. */
	end(): void {
		if (this.#unread) return;
		this.#add({ ...NO_FRAME, kind: FRAME.end });
		this.#wake(READER.lingering);
	}

	/** To be called where nobody will read any more, and can say so. */
	abandon(): void {
		Atomics.store(this.#ring.control, CONTROL.unread, 1);
		this.room();
	}

	/** To be called when the reader tells that there is room. */
	room(): void {
		if (this.#unread) this.#overflow = [];
		let flushed = 0;
		for (const frame of this.#overflow) {
			if (!this.#write(frame)) break;
			flushed++;
		}
		this.#overflow.splice(0, flushed);
		if (this.#overflow.length > 0) {
			this.#askForRoom();
			return;
		}
		if (!this.#full) return;
		this.#full = false;
		this.#options.onRoom();
	}

	get #unread(): boolean {
		return Atomics.load(this.#ring.control, CONTROL.unread) === 1;
	}

	/** Bytes that have not been looked at. */
	get #queued(): number {
		const read = Atomics.load(this.#ring.control, CONTROL.read);
		return RingViews.bytesBetween(read, this.#written);
	}

	#introduce(connection: Connection): void {
		this.#known.add(connection);
		this.#add({
			...NO_FRAME,
			kind: FRAME.connection,
			connection: connection.number,
			bytes: Buffer.from(JSON.stringify(connection)),
		});
	}

	#pushFrames(chunk: Chunk, missingBefore: number): void {
		const { connection, from, bytes, closes, timestamp = 0 } = chunk;
		const frame = {
			kind: FRAME.chunk,
			connection: connection.number,
			fromWebServer: from === "webServer",
			timestamp,
		};
		let missing = missingBefore;
		let rest = bytes;
		for (; rest.length > MAX_PAYLOAD; rest = rest.subarray(MAX_PAYLOAD)) {
			const piece = rest.subarray(0, MAX_PAYLOAD);
			this.#add({
				...frame,
				bytes: piece,
				closes: undefined,
				missingBefore: missing,
			});
			missing = 0;
		}
		this.#add({ ...frame, bytes: rest, closes, missingBefore: missing });
	}

	/** Bytes that were left out in front of the next of a direction. */
	#missing(connection: Connection, from: Peer): number {
		const leftOut = this.#leftOut.get(connection);
		if (leftOut === undefined) return 0;
		const missing = leftOut[from];
		leftOut[from] = 0;
		if (leftOut.webServer + leftOut.application === 0) {
			this.#leftOut.delete(connection);
		}
		return missing;
	}

	/** What ends its direction is never left out, only its bytes. */
	#leaveOut(chunk: Chunk): void {
		const { connection, from, bytes, closes } = chunk;
		this.droppedBytes += bytes.length;
		const leftOut = this.#leftOut.get(connection) ?? {
			webServer: 0,
			application: 0,
		};
		leftOut[from] += bytes.length;
		this.#leftOut.set(connection, leftOut);
		if (closes !== undefined) this.push({ ...chunk, bytes: NO_BYTES });
	}

	#add(frame: Frame): void {
		if (this.#overflow.length === 0 && this.#write(frame)) return;
		this.#overflow.push({ ...frame, bytes: Buffer.from(frame.bytes) });
		this.#askForRoom();
	}

	/** Writes a frame in one piece; false where there is no room for it. */
	#write(frame: Frame): boolean {
		const { bytes, integers, doubles, control } = this.#ring;
		const length = frameLength(frame.bytes.length);
		const free = RING_BYTES - this.#queued;
		let at = (this.#written * WORD) % RING_BYTES;
		const toEnd = RING_BYTES - at;
		if (length > toEnd) {
			if (length + toEnd > free) return false;
			integers[at / 4] = FRAME.wrap;
			this.#written = (this.#written + toEnd / WORD) % COUNT;
			at = 0;
		} else if (length > free) return false;
		const { closes } = frame;
		integers[at / 4] =
			frame.kind |
			(frame.fromWebServer ? 1 << 8 : 0) |
			(closes === undefined ? 0 : closes === "fin" ? 1 << 9 : 1 << 10);
		integers[at / 4 + 1] = frame.bytes.length;
		integers[at / 4 + 2] = frame.connection;
		doubles[at / 8 + 2] = frame.timestamp;
		doubles[at / 8 + 3] = frame.missingBefore;
		if (frame.bytes.length > 0) bytes.set(frame.bytes, at + HEADER);
		this.#written = (this.#written + length / WORD) % COUNT;
		Atomics.store(control, CONTROL.written, this.#written);
		this.#wake(
			this.#queued >= BATCH_BYTES ? READER.lingering : READER.sleeping,
		);
		return true;
	}

	/** Wakes a reader that sleeps, or, where there is enough for a batch, one that lingers. */
	#wake(upTo: number): void {
		const { control } = this.#ring;
		const reader = Atomics.load(control, CONTROL.reader);
		if (reader === READER.busy || reader > upTo) return;
		const was = Atomics.compareExchange(
			control,
			CONTROL.reader,
			reader,
			READER.busy,
		);
		if (was === reader) this.#options.wake();
	}

	#askForRoom(): void {
		const { control } = this.#ring;
		Atomics.store(control, CONTROL.writerWaits, 1);
		// The reader may have made room before it could be asked to tell.
		if (this.#queued > MAX_QUEUED_BYTES / 2 && !this.#unread) return;
		if (Atomics.exchange(control, CONTROL.writerWaits, 0) === 1) this.room();
	}
}

const NO_FRAME = {
	connection: 0,
	bytes: NO_BYTES,
	fromWebServer: true,
	closes: undefined,
	timestamp: 0,
	missingBefore: 0,
};
