// `-o`: the body of a response into a file, as it comes; with its header fields where they are wanted. Of crafted records
// that are several requests, one body follows the other. A file keeps what is in it until there is an answer.

import {
	constants,
	createWriteStream,
	fstatSync,
	ftruncateSync,
	openSync,
} from "node:fs";
import type { Writable } from "node:stream";
import { FcgiInspectError } from "../../errors.js";
import type { Chunk } from "../../inspect/chunk.js";
import type { FcgiEvent } from "../../inspect/event.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { isSameFile, refuseInput } from "../same-file.js";
import type { Sink } from "../show.js";

/** How to write. */
export interface ResponseBodyOptions {
	/** Whether the header fields are written, too. */
	readonly withHead: boolean;
	/** Files that are read meanwhile, `-` for standard input. */
	readonly inputs: readonly string[];
	/** The file of the capture that is written meanwhile. */
	readonly capture: string | undefined;
}

/** Writes what is STDOUT of what is sent. */
export class ResponseBody implements Sink {
	readonly #to: Writable;
	readonly #withHead: boolean;
	readonly #isStdout: boolean;
	/** STDOUT of a request so far, while it is not known where its head ends: the inspector gives up a head that is too long. */
	readonly #held = new Map<FcgiRequest | undefined, Buffer[]>();
	/** Requests whose head is known. */
	readonly #begun = new WeakSet<FcgiRequest>();
	#failure: Error | undefined;

	/** What is to be done when there is room again, or no use for any. */
	#wake = () => {};
	/** Where what was in the file before is to be gone; it is left as it was until something comes. */
	#fileToEmpty: number | undefined;

	/** Opens a file, or stdout for `-`. Rejects with a FcgiInspectError. */
	static async open(
		path: string,
		{ withHead, inputs, capture }: ResponseBodyOptions,
	): Promise<ResponseBody> {
		if (path === "-") return new ResponseBody(process.stdout, withHead);
		const fd = openFile(path, inputs, capture);
		const file = createWriteStream(path, { fd });
		const body = new ResponseBody(file, withHead, path);
		if (fstatSync(fd).isFile()) body.#fileToEmpty = fd;
		return body;
	}

	private constructor(to: Writable, withHead: boolean, path?: string) {
		this.#to = to;
		this.#withHead = withHead;
		this.#isStdout = path === undefined;
		to.on("drain", () => this.#wake());
		// What is wrong with stdout is the business of main.
		if (path === undefined) return;
		to.on("close", () => this.#wake());
		to.on("error", (error) => {
			this.#failure = unwritable(path, error);
		});
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
		await this.#until(() => !this.#to.writableNeedDrain);
	}

	async close(): Promise<void> {
		if (this.#isStdout) return;
		this.#to.end();
		await this.#until(() => this.#to.closed);
	}

	/** Waits; rejects where the file cannot be written. */
	async #until(isSo: () => boolean): Promise<void> {
		while (this.#failure === undefined && !isSo()) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
		if (this.#failure !== undefined) throw this.#failure;
	}

	/** Makes room in the file for the first byte. */
	#empty(): void {
		if (this.#fileToEmpty === undefined) return;
		const fd = this.#fileToEmpty;
		this.#fileToEmpty = undefined;
		ftruncateSync(fd);
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
		this.#empty();
		if (bytes.length > 0) this.#to.write(bytes);
	}
}

const NOTHING = Buffer.alloc(0);

/** Opens it to write, and takes nothing away. */
function openFile(
	path: string,
	inputs: readonly string[],
	capture: string | undefined,
): number {
	let fd: number;
	try {
		fd = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o666);
	} catch (error) {
		throw unwritable(path, error as Error);
	}
	const stats = fstatSync(fd);
	refuseInput(path, stats, inputs);
	if (capture !== undefined && stats.isFile() && isSameFile(stats, capture)) {
		throw new FcgiInspectError(
			"usage",
			`${path} is where -w writes; write the body to another file`,
		);
	}
	return fd;
}

function unwritable(path: string, error: Error): FcgiInspectError {
	return new FcgiInspectError(
		"unwritable-output",
		`cannot write ${path}: ${error.message}`,
	);
}
