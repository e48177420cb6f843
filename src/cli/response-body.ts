// `-o`: the body of a response into a file, as it comes; with its header fields where they are wanted.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { FcgiInspectError } from "../errors.js";
import type { Chunk } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import type { Sink } from "./show.js";

/** Writes what is STDOUT of the one request that is sent. */
export class ResponseBody implements Sink {
	readonly #to: Writable;
	readonly #withHead: boolean;
	readonly #isStdout: boolean;
	/** STDOUT so far, while it is not known where its head ends: the inspector gives up a head that is too long. */
	#held: Buffer[] = [];
	#headKnown = false;
	#failure: Error | undefined;

	/** Opens a file, or stdout for `-`. Rejects with a FcgiInspectError. */
	static async open(path: string, withHead: boolean): Promise<ResponseBody> {
		if (path === "-") return new ResponseBody(process.stdout, withHead, true);
		const file = createWriteStream(path);
		try {
			await once(file, "open");
		} catch (error) {
			throw unwritable(path, error as Error);
		}
		return new ResponseBody(file, withHead, false, path);
	}

	private constructor(
		to: Writable,
		withHead: boolean,
		isStdout: boolean,
		path = "-",
	) {
		this.#to = to;
		this.#withHead = withHead;
		this.#isStdout = isStdout;
		// What is wrong with stdout is the business of main.
		if (!isStdout) {
			to.on("error", (error) => {
				this.#failure = unwritable(path, error);
			});
		}
	}

	push(_: Chunk, events: readonly FcgiEvent[]): void {
		for (const event of events) {
			if (event.kind === "record" && event.record.kind === "stdout") {
				this.#take(Buffer.from(event.record.contentData));
			} else if (event.kind === "responseHead") {
				this.#headEnds(event.request.response?.headBytes ?? 0);
			}
		}
	}

	end(events: readonly FcgiEvent[]): void {
		this.push({} as Chunk, events);
		this.#headEnds(0);
	}

	async flush(): Promise<void> {
		if (this.#failure !== undefined) throw this.#failure;
		if (this.#to.writableNeedDrain) await once(this.#to, "drain");
	}

	async close(): Promise<void> {
		if (this.#isStdout) return;
		if (this.#failure === undefined) {
			this.#to.end();
			await once(this.#to, "close");
		}
		if (this.#failure !== undefined) throw this.#failure;
	}

	#take(content: Buffer): void {
		if (this.#headKnown) this.#to.write(content);
		else this.#held.push(content);
	}

	#headEnds(headBytes: number): void {
		if (this.#headKnown) return;
		this.#headKnown = true;
		const all = Buffer.concat(this.#held);
		this.#held = [];
		this.#to.write(this.#withHead ? all : all.subarray(headBytes));
	}
}

function unwritable(path: string, error: Error): FcgiInspectError {
	return new FcgiInspectError(
		"unwritable-output",
		`cannot write ${path}: ${error.message}`,
	);
}
