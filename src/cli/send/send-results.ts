// What came of the requests that were sent: how many, how fast, and what was no success.

import { createHistogram } from "node:perf_hooks";
import { FCGI_HEADER_LEN, FCGI_VERSION_1 } from "../../fastcgi/constants.js";
import type { FcgiRecord } from "../../fastcgi/record.js";
import type { Chunk, Connection } from "../../inspect/chunk.js";
import type { BytesSkippedEvent, FcgiEvent } from "../../inspect/event.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { count, duration, visible } from "../../render/words.js";
import type { Sink } from "../show.js";

/** Gathers results from events. */
export class SendResults implements Sink {
	/** Whether what was cut off with a connection was sent again on another, and so is no result. */
	wasInVain: (connection: Connection) => boolean = () => false;
	/** Requests that have ended, in any way. */
	requests = 0;
	/** Requests whose connection ended before they did, or within the record that ends them. */
	cutOff = 0;
	/** Why the first request that was no success was none. */
	failure: string | undefined;
	/** Bytes that applications wrote to STDERR. */
	stderrBytes = 0;
	#failures = 0;
	/** Microseconds from the first byte of a request to the last of its answer. */
	readonly #durations = createHistogram();
	#first = Number.POSITIVE_INFINITY;
	#last = 0;
	#records = 0;
	#foreign: Buffer | undefined;

	/** What the application said, where that is no FastCGI at all. */
	get foreign(): string | undefined {
		if (this.#foreign === undefined || this.#records > 0) return undefined;
		const text = this.#foreign.toString("latin1");
		const what = text.startsWith("HTTP/") ? ": this is a web server" : "";
		return `the answer is not FastCGI: its first bytes are ${visible(JSON.stringify(text))}${what}`;
	}

	push(_: Chunk, events: readonly FcgiEvent[]): void {
		this.end(events);
	}

	end(events: readonly FcgiEvent[]): void {
		for (let i = 0; i < events.length; i++) this.#see(events[i] as FcgiEvent);
	}

	async flush(): Promise<void> {}

	async close(): Promise<void> {}

	/** `100 requests in 1.420 s, 70/s; p50 0.812 ms, p90 5.0 ms, p99 9.8 ms; 0 failed`. */
	sentence(): string {
		const seconds = Math.max(this.#last - this.#first, 1e-6);
		const rate = Math.round(this.requests / seconds);
		const percentiles = [50, 90, 99].map((p) => {
			const seconds = this.#durations.percentile(p) / 1e6;
			return `p${p} ${duration(seconds)}`;
		});
		return `${count(this.requests, "request")} in ${duration(seconds)}, ${rate}/s; ${percentiles.join(", ")}; ${this.#failures} failed`;
	}

	#see(event: FcgiEvent): void {
		if (event.kind === "requestEnded") this.#ended(event.request);
		else if (event.kind === "record") {
			if (event.from === "application") this.#heard(event.record);
		} else if (event.kind === "bytesSkipped" && event.from === "application") {
			if (!isCutOffHeader(event)) {
				this.#foreign ??= Buffer.from(event.firstBytes);
			}
		}
	}

	#heard({ kind, contentLength, contentData }: FcgiRecord): void {
		this.#records++;
		if (kind === "stderr") this.stderrBytes += contentLength;
		// The request has ended as far as it can be known, and nobody knows how.
		if (kind === "endRequest" && contentData.length < contentLength) {
			this.cutOff++;
		}
	}

	#ended(request: FcgiRequest): void {
		const { connection, startedAt, endedAt, state } = request;
		if (state === "incomplete" && this.wasInVain(connection)) return;
		this.requests++;
		if (startedAt !== undefined) {
			this.#first = Math.min(this.#first, startedAt);
			if (endedAt !== undefined) {
				this.#last = Math.max(this.#last, endedAt);
				const microseconds = Math.round((endedAt - startedAt) * 1e6);
				this.#durations.record(Math.max(microseconds, 1));
			}
		}
		if (state === "incomplete") this.cutOff++;
		const failure = failureOf(request);
		if (failure === undefined) return;
		this.#failures++;
		this.failure ??= failure;
	}
}

/** Whether the connection ended, or all the time was over, within the first header: that is no other protocol. */
function isCutOffHeader({ length, firstBytes }: BytesSkippedEvent): boolean {
	return length < FCGI_HEADER_LEN && firstBytes[0] === FCGI_VERSION_1;
}

function failureOf(request: FcgiRequest): string | undefined {
	const { state, appStatus, response } = request;
	if (state !== "complete") return `the request is ${state}`;
	if (appStatus) return `appStatus is ${appStatus}`;
	const status = response?.status;
	if (status !== undefined && status >= 400) return `HTTP status ${status}`;
	return undefined;
}
