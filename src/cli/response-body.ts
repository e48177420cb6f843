// `-o`: the body of a response into a file, as it comes; with its header fields where they are wanted. Of crafted records
// that are several requests, one body follows the other. A file keeps what is in it until there is an answer.

import { once } from "node:events";
import { createWriteStream, fstatSync, ftruncateSync } from "node:fs";
import type { Writable } from "node:stream";
import { FcgiInspectError } from "../errors.js";
import type { Chunk } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import type { FcgiRequest } from "../inspect/request.js";
import type { Sink } from "./show.js";

/** Writes what is STDOUT of what is sent. */
export class ResponseBody implements Sink {
	readonly #to: Writable;
	readonly #withHead: boolean;
	readonly #isStdout: boolean;
	/** STDOUT of a request so far, while it is not known where its head ends: the inspector gives up a head that is too long. */
	readonly #held = new Map<FcgiRequest | undefined, Buffer[]>();
	/** Requests whose head is known. */
	readonly #begun = new WeakSet<FcgiRequest>();
	/** Makes room in the file for the first byte. */
	#empty: (() => void) | undefined;
	#failure: Error | undefined;

	/** Opens a file, or stdout for `-`. Rejects with a FcgiInspectError. */
	static async open(path: string, withHead: boolean): Promise<ResponseBody> {
		if (path === "-") return new ResponseBody(process.stdout, withHead, true);
		const file = createWriteStream(path, { flags: "a" });
		let fd = -1;
		try {
			[fd] = await once(file, "open");
		} catch (error) {
			throw unwritable(path, error as Error);
		}
		const body = new ResponseBody(file, withHead, false, path);
		body.#empty = () => {
			if (fstatSync(fd).isFile()) ftruncateSync(fd);
		};
		return body;
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
				this.#take(event.request, Buffer.from(event.record.contentData));
			} else if (event.kind === "responseHead") {
				const { request } = event;
				this.#headEnds(request, request.response?.headBytes ?? 0);
			} else if (event.kind === "requestEnded") {
				if (event.request.state === "complete") this.#write(NOTHING);
				this.#headEnds(event.request, 0);
			}
		}
	}

	end(events: readonly FcgiEvent[]): void {
		this.push({} as Chunk, events);
		for (const request of this.#held.keys()) this.#headEnds(request, 0);
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

	#take(request: FcgiRequest | undefined, content: Buffer): void {
		if (request !== undefined && this.#begun.has(request)) {
			this.#write(content);
			return;
		}
		const held = this.#held.get(request);
		if (held === undefined) this.#held.set(request, [content]);
		else held.push(content);
	}

	#headEnds(request: FcgiRequest | undefined, headBytes: number): void {
		if (request !== undefined) this.#begun.add(request);
		const held = this.#held.get(request);
		if (held === undefined) return;
		this.#held.delete(request);
		const all = Buffer.concat(held);
		this.#write(this.#withHead ? all : all.subarray(headBytes));
	}

	#write(bytes: Buffer): void {
		this.#empty?.();
		this.#empty = undefined;
		if (bytes.length > 0) this.#to.write(bytes);
	}
}

const NOTHING = Buffer.alloc(0);

function unwritable(path: string, error: Error): FcgiInspectError {
	return new FcgiInspectError(
		"unwritable-output",
		`cannot write ${path}: ${error.message}`,
	);
}
