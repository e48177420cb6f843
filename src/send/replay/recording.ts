// Events of a recording into the requests in it: what each end said of them, byte for byte. What the recording does not have
// all of is told, and not made up.

import { FcgiInspectError } from "../../errors.js";
import { draftOf, encodeRecord } from "../../fastcgi/record-encoder.js";
import type {
	BytesSkippedEvent,
	FcgiEvent,
	RecordEvent,
} from "../../inspect/event.js";
import type { FcgiRequest } from "../../inspect/request.js";
import type { RecordedRequest } from "./recorded-request.js";
import { RequestBuilder } from "./request-builder.js";
import type { ByteStore } from "./stored-bytes.js";

/**
 * Requests that are kept at once: each costs about a kilobyte of memory. A recording of more is replayed in parts.
 */
const MAX_RECORDED_REQUESTS = 500_000;

/** Gathers the requests of a recording. */
export class Recording {
	readonly #store: ByteStore;
	readonly #wanted: (number: number) => boolean;
	readonly #open = new Map<FcgiRequest, RequestBuilder>();
	/** The last request of an id that has ended, by connection and id: its input may go on. */
	readonly #ended = new Map<string, RequestBuilder>();
	readonly #requests: RequestBuilder[] = [];
	#applicationSeen = false;
	/** How many requests began in the recording, wanted or not. */
	total = 0;
	/** Records of the web server that belong to no request: management records, and records of unknown ids. */
	stray = 0;

	/** `wanted` tells the numbers of requests to keep. */
	constructor(store: ByteStore, wanted: (number: number) => boolean) {
		this.#store = store;
		this.#wanted = wanted;
	}

	/** The requests, in the order of their numbers. To be asked for when all events have been seen. */
	get requests(): readonly RecordedRequest[] {
		// Where only the web server was recorded, an end without an answer tells nothing.
		if (!this.#applicationSeen) {
			for (const request of this.#requests) request.loseAnswer();
		}
		return this.#requests.sort((a, b) => a.number - b.number);
	}

	/** Takes the next event. Throws FcgiInspectError where there are too many requests. */
	push(event: FcgiEvent): void {
		switch (event.kind) {
			case "record":
				this.#take(event);
				break;
			case "bytesSkipped":
				this.#skipped(event);
				break;
			case "requestEnded":
				this.#requestEnded(event.request);
				break;
			case "connectionClosed":
				this.#forget(event.connection.number);
		}
	}

	#take(event: RecordEvent): void {
		const { request, from, record } = event;
		if (from === "application") this.#applicationSeen = true;
		if (request === undefined) {
			if (from === "webServer") this.#strayed(event);
			return;
		}
		this.total = Math.max(this.total, request.number);
		if (!this.#wanted(request.number)) return;
		const builder = this.#open.get(request) ?? this.#begin(request);
		if (from === "webServer") {
			builder.takeInput(record, encodeRecord(draftOf(record)), event);
		} else builder.takeOutput(record);
	}

	#begin(request: FcgiRequest): RequestBuilder {
		if (this.#requests.length === MAX_RECORDED_REQUESTS) {
			throw new FcgiInspectError(
				"usage",
				`the recording has more than ${MAX_RECORDED_REQUESTS} requests; --request 1-${MAX_RECORDED_REQUESTS} replays a part of them`,
			);
		}
		const builder = new RequestBuilder(request, this.#store);
		this.#open.set(request, builder);
		this.#requests.push(builder);
		return builder;
	}

	/** What a web server still sends of a request that was answered early was sent all the same. */
	#strayed(event: RecordEvent): void {
		const { connection, record, unexpected } = event;
		const before =
			unexpected === "endedId"
				? this.#ended.get(keyOf(connection.number, record.requestId))
				: undefined;
		if (before === undefined) this.stray++;
		else before.takeInput(record, encodeRecord(draftOf(record)), event);
	}

	#skipped({ connection, from, reason }: BytesSkippedEvent): void {
		for (const [request, builder] of this.#open) {
			if (request.connection !== connection) continue;
			if (from === "application") builder.loseOutput(reason);
			else builder.loseInput(reason);
		}
	}

	#requestEnded(request: FcgiRequest): void {
		this.total = Math.max(this.total, request.number);
		const builder = this.#open.get(request);
		if (builder === undefined) return;
		this.#open.delete(request);
		builder.settle(request);
		const { connection, requestId } = request;
		this.#ended.set(keyOf(connection.number, requestId), builder);
	}

	#forget(connection: number): void {
		for (const key of this.#ended.keys()) {
			if (key.startsWith(`${connection} `)) this.#ended.delete(key);
		}
	}
}

function keyOf(connection: number, requestId: number): string {
	return `${connection} ${requestId}`;
}
