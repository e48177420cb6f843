// Shows each request's answer to a web server that was not there, and writes down on the request what it would have made of
// it. Nothing is said where the bytes do not tell: fragments, lost bytes, answers that the input cuts off.

import { FCGI_HEADER_LEN, recordType } from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { Connection } from "../inspect/chunk.js";
import type {
	BytesSkippedEvent,
	FcgiEvent,
	RecordEvent,
} from "../inspect/event.js";
import type { FcgiRequest } from "../inspect/request.js";
import type { Stage } from "../stage.js";
import type {
	AnswerEnd,
	AnswerModel,
	SeenRecord,
	WebServer,
} from "./answer-model.js";
import { KeptBytes } from "./kept-bytes.js";

/** FCGI_RESPONDER: what all models know. */
const RESPONDER = 1;

/** Seconds of silence after which a web server that closes has given up; sooner, its client has left. */
const GIVES_UP_AFTER = 0.5;

/** In place of the number of requests: the application was seen to say something. */
const SEEN = -1;

/** Most applications that are remembered: more addresses than a site has. */
const MAX_APPLICATIONS = 1024;

/** One open request, and the web server that reads its answer. */
interface Reading {
	readonly model: AnswerModel;
	readonly kept: KeptBytes;
	/** Whether bytes of its connection are missing, or others were in between that this server would never see. */
	lost: boolean;
}

/** Hands every event on, unchanged. */
export class AsServer implements Stage<FcgiEvent, FcgiEvent> {
	readonly #server: WebServer;
	readonly #keptByAll = { bytes: 0 };
	readonly #open = new Map<Connection, Map<FcgiRequest, Reading>>();
	/** How often each application was asked, and -1 once it was seen to say something. */
	readonly #asked = new Map<string | undefined, number>();
	/** Connections on which the web server asked something with management records, as not every server does. */
	readonly #managed = new WeakSet<Connection>();

	constructor(server: WebServer) {
		this.#server = server;
	}

	push(event: FcgiEvent): readonly FcgiEvent[] {
		switch (event.kind) {
			case "requestBegan":
				this.#begin(event.request);
				break;
			case "record":
				this.#see(event);
				break;
			case "bytesSkipped":
				this.#skip(event);
				break;
			case "requestEnded":
				this.#end(event.request);
				break;
			case "connectionClosed":
				for (const request of this.#readings(event.connection).keys()) {
					this.#forget(request);
				}
				break;
		}
		return [event];
	}

	end(): readonly FcgiEvent[] {
		this.#open.clear();
		return [];
	}

	/** Whether an application said nothing, as far as can be told: an input may hold one direction only. */
	#mayBeSilent({ connection }: FcgiRequest): boolean {
		const asked = this.#asked.get(connection.application);
		return asked === SEEN || asked === 1;
	}

	#readings(connection: Connection): ReadonlyMap<FcgiRequest, Reading> {
		return this.#open.get(connection) ?? NO_READINGS;
	}

	#begin(request: FcgiRequest): void {
		const { application } = request.connection;
		const asked = this.#asked.get(application) ?? 0;
		const remembers = asked !== 0 || this.#asked.size < MAX_APPLICATIONS;
		if (asked !== SEEN && remembers) this.#asked.set(application, asked + 1);
		if (!request.beginSeen || request.role !== RESPONDER) return;
		const { connection } = request;
		const readings = this.#open.get(connection) ?? new Map();
		this.#open.set(connection, readings);
		const kept = new KeptBytes(this.#keptByAll);
		const model = this.#server.create(request, kept);
		const beside = request.openBeside > 0 || readings.size > 0;
		const lost = beside && !this.#server.multiplexes;
		readings.set(request, { model, kept, lost });
		if (!lost) return;
		for (const reading of readings.values()) reading.lost = true;
	}

	#see({ connection, from, record, request, timestamp }: RecordEvent): void {
		const management = recordType(record.type)?.management ?? false;
		if (management && from === "webServer") this.#managed.add(connection);
		const readings = this.#readings(connection);
		if (readings.size === 0) return;
		if (record.missing > 0 && !isCutByEnd(record)) {
			for (const reading of readings.values()) reading.lost = true;
		}
		if (from !== "application") return;
		if (this.#asked.has(connection.application)) {
			this.#asked.set(connection.application, SEEN);
		}
		if (management && this.#managed.has(connection)) return;
		const seen = seenRecord(record, timestamp);
		for (const [of, reading] of readings) {
			// What belongs to another request is nobody else's, but for a server that has one request only.
			if (request !== undefined && request !== of) {
				if (!this.#server.multiplexes) reading.lost = true;
			} else if (!reading.lost) reading.model.see(seen);
		}
	}

	#skip(event: BytesSkippedEvent): void {
		const readings = this.#readings(event.connection);
		if (readings.size === 0) return;
		const whole = event.reason === "noRecord" && event.connection.startSeen;
		const seen =
			whole && event.from === "application" ? seenInRubbish(event) : undefined;
		for (const reading of readings.values()) {
			if (seen === undefined) reading.lost = true;
			else if (!reading.lost) reading.model.see(seen);
		}
	}

	#end(request: FcgiRequest): void {
		const reading = this.#readings(request.connection).get(request);
		if (reading === undefined) return;
		const end = endOf(request);
		const { kept, lost, model } = reading;
		if (end === "timeout" && !this.#mayBeSilent(request)) {
			this.#forget(request);
			return;
		}
		if (!lost && !kept.full && end !== undefined) {
			const verdict = model.verdict(end);
			if (verdict !== undefined) {
				request.serverAnswer = { server: this.#server.name, ...verdict };
			}
		}
		this.#forget(request);
	}

	#forget(request: FcgiRequest): void {
		const readings = this.#open.get(request.connection);
		readings?.get(request)?.kept.release();
		readings?.delete(request);
		if (readings?.size === 0) this.#open.delete(request.connection);
	}
}

const NO_READINGS: ReadonlyMap<FcgiRequest, Reading> = new Map();

/** How its answer ended; undefined where that is not in the input, or where nobody waited for it. */
function endOf(request: FcgiRequest): AnswerEnd | undefined {
	switch (request.state) {
		case "complete":
		case "rejected":
			return "endRequest";
		case "incomplete":
			break;
		default:
			return undefined;
	}
	if (request.closedBy === "application") return request.closing;
	if (request.closedBy === undefined) return undefined;
	return (request.quietBeforeClose ?? 0) >= GIVES_UP_AFTER ? "timeout" : "left";
}

/** Whether what is missing of a record is its end, so that a web server may have seen the same; not of the one that ends all. */
function isCutByEnd({ truncated, holes, kind, contentData }: FcgiRecord) {
	const inside = holes.some(({ at }) => at < contentData.length);
	return truncated && !inside && kind !== "endRequest";
}

function seenRecord(
	record: FcgiRecord,
	timestamp: number | undefined,
): SeenRecord {
	return {
		version: record.version,
		type: record.type,
		requestId: record.requestId,
		contentLength: record.contentLength,
		paddingLength: record.paddingLength,
		headerBytes: FCGI_HEADER_LEN,
		content: record.contentData,
		cut: record.missing > 0,
		known: true,
		timestamp,
	};
}

/** What a web server takes the first of bytes for that no record was made of: a header; fewer than eight are the start of one. */
function seenInRubbish(event: BytesSkippedEvent): SeenRecord {
	const { firstBytes, length, until, timestamp } = event;
	const byte = (at: number) => firstBytes[at] ?? 0;
	const contentLength = (byte(4) << 8) | byte(5);
	const paddingLength = byte(6);
	const announced = FCGI_HEADER_LEN + contentLength + paddingLength;
	return {
		version: byte(0),
		type: byte(1),
		requestId: (byte(2) << 8) | byte(3),
		contentLength,
		paddingLength,
		headerBytes: Math.min(length, FCGI_HEADER_LEN),
		content: NO_BYTES,
		cut: until === "end" && length < announced,
		known: false,
		timestamp,
	};
}
