// The body of a response as a web server counts it, and what Content-Length makes of it (RFC 9112, section 6).

import { NO_BYTES } from "../fastcgi/no-bytes.js";
import { decodeText } from "../fastcgi/text.js";
import { fieldValue, type HeadField } from "./head-bytes.js";

/** Bytes of a body that a remark shows; of a longer one it gives the length. */
const SHOWN_BYTES = 48;

/** A body. */
export class BodyCount {
	/** What Content-Length says; undefined where it says nothing, or no number. */
	readonly announced: number | undefined;
	bytes = 0;
	#start: Buffer = NO_BYTES;

	/** Web servers differ on which field counts where there are several. */
	constructor(fields: readonly HeadField[], which: "first" | "last" = "last") {
		const value = fieldValue(fields, "content-length", which);
		this.announced =
			value !== undefined && /^\d{1,15}$/.test(value)
				? Number(value)
				: undefined;
	}

	add(content: Buffer): void {
		this.bytes += content.length;
		const room = SHOWN_BYTES - this.#start.length;
		if (room <= 0 || content.length === 0) return;
		this.#start = Buffer.concat([this.#start, content.subarray(0, room)]);
	}

	/** Whether it has as many bytes as were announced, or more. */
	get fulfilled(): boolean {
		return this.announced !== undefined && this.bytes >= this.announced;
	}

	/** Whether fewer came than were announced. */
	get short(): boolean {
		return this.announced !== undefined && this.bytes < this.announced;
	}

	/** Whether more came than were announced. */
	get long(): boolean {
		return this.announced !== undefined && this.bytes > this.announced;
	}

	/** What it is: its text, or its length where it is long. */
	get words(): string {
		return this.bytes > this.#start.length
			? bytesOf(this.bytes, "body ")
			: `"${decodeText(this.#start).text}"`;
	}
}

/** A number of bytes. */
export function bytesOf(bytes: number, prefix = ""): string {
	return `${prefix}${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
}
