// Turns the records of one connection into its requests (specification, sections 3.3 and 5): an id is active from its
// BEGIN_REQUEST to its END_REQUEST, and may serve again. The rules are the tables of lifecycle; what cannot be known
// after lost bytes is not held against a record.

import { type Peer, recordType } from "../fastcgi/constants.js";
import type { NameValue } from "../fastcgi/name-values.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { Rooms } from "../fastcgi/rooms.js";
import { NOTHING } from "../stage.js";
import type { RequestMoment } from "./check.js";
import type { CheckTable } from "./check-table.js";
import type { Closing, Connection } from "./chunk.js";
import { ConnectionFindings } from "./connection-findings.js";
import type { FcgiEvent, RecordEvent, RequestEvent } from "./event.js";
import { type Applications, ConnectionFacts } from "./facts.js";
import {
	inputStreams,
	stateAtClose,
	stateAtEnd,
	streamOf,
	type Unexpected,
	unexpectedAnywhere,
	unexpectedInStream,
} from "./lifecycle.js";
import { Losses } from "./losses.js";
import { type KeptBytes, OpenRequest } from "./open-request.js";
import type { StreamName } from "./request.js";

/** Most requests open at once on a connection; forty times what HAProxy, the one server that multiplexes, has by default. */
export const MAX_OPEN_REQUESTS = 4096;

/** What counts over all connections of an input. */
export interface Shared {
	records: number;
	requests: number;
	/** Bytes that open requests keep: parameters, heads, STDERR. */
	readonly kept: KeptBytes;
	/** Where the records that straddle chunks are put together. */
	readonly rooms: Rooms;
	readonly checks: CheckTable;
	/** What is known of the applications, by their address. */
	readonly applications: Applications;
}

/** How the end of a connection came about. */
export interface ConnectionEnd {
	readonly by: Peer;
	readonly closing: Closing;
}

/** When and where a record was seen. */
export interface Sighting {
	readonly from: Peer;
	/** Unix seconds of the record's first byte. */
	readonly startedAt: number | undefined;
	/** Unix seconds of the record's last byte. */
	readonly timestamp: number | undefined;
	readonly frame: number | undefined;
}

/** The requests of one connection. */
export class RequestTracker {
	readonly #connection: Connection;
	readonly #shared: Shared;
	readonly #open = new Map<number, OpenRequest>();
	readonly #losses: Losses;
	/** What checks may know of the connection. */
	readonly facts: ConnectionFacts;
	readonly findings: ConnectionFindings;
	/** How many requests had begun when rubbish was last noted on all that were open. */
	#rubbishFor: number | undefined;

	/** Where its start was not seen, requests may have begun before. */
	constructor(connection: Connection, shared: Shared, startSeen: boolean) {
		this.#connection = connection;
		this.#shared = shared;
		this.#losses = new Losses(startSeen);
		const application = shared.applications.at(connection.application);
		this.facts = new ConnectionFacts(connection, application, this.#open);
		this.findings = new ConnectionFindings(shared.checks, this.facts);
	}

	/** Takes the next record, and adds what it means to `events`. Of PARAMS, pairs are read in the first `legible` bytes only. */
	push(
		record: FcgiRecord,
		sighting: Sighting,
		events: FcgiEvent[],
		legible?: number,
	): void {
		const type = recordType(record.type);
		let unexpected = unexpectedAnywhere(record, type, sighting.from);
		this.#losses.saw(sighting.from);
		let request: OpenRequest | undefined;
		let replaced: OpenRequest | undefined;
		const ofRequest =
			type !== undefined && !type.management && record.requestId !== 0;
		if (ofRequest && unexpected !== "wrongDirection") {
			request = this.#open.get(record.requestId);
			// What has been answered waits for the rest of its input only.
			const answered = request !== undefined && request.state !== "open";
			if (answered && sighting.from === "application") request = undefined;
			if (record.kind === "beginRequest") {
				if (request?.beginSeen && !answered && this.#losses.endKnown(request)) {
					unexpected ??= "activeId";
				}
				replaced = request;
				request = this.#begin(record.requestId, record, sighting);
			} else if (request === undefined) {
				const { requestId } = record;
				if (this.#losses.beginKnown(requestId)) {
					const wasBegun = this.#losses.wasBegun(requestId);
					unexpected ??= wasBegun ? "endedId" : "inactiveId";
				} else request = this.#begin(requestId, undefined, sighting);
			}
		}
		const stream = streamOf(record.kind);
		let streamOffset = 0;
		let pairs: readonly NameValue[] = NOTHING;
		if (request !== undefined) {
			request.records++;
			request.noteTime(record.kind, sighting.startedAt, sighting.timestamp);
			if (stream !== undefined) {
				if (!request.damaged && request.beginSeen) {
					unexpected ??= unexpectedInStream(
						request,
						stream,
						record.contentLength,
					);
				}
				streamOffset = request[stream].bytes + request[stream].missing;
				request.countPiece(stream, record);
				if (stream === "params") pairs = request.takeParams(record, legible);
			}
		}
		// Parameters that were not ended when the answer or an abort comes are said in front of it.
		if (request !== undefined && afterParams(record.kind)) {
			this.#endParams(request, sighting.timestamp, events);
		}
		const event: {
			-readonly [Field in keyof RecordEvent]: RecordEvent[Field];
		} = {
			kind: "record",
			number: ++this.#shared.records,
			connection: this.#connection,
			from: sighting.from,
			timestamp: sighting.timestamp,
			frame: sighting.frame,
			record,
			request,
			streamOffset,
			pairs,
			unexpected,
			findings: NOTHING,
		};
		event.findings = this.findings.lookAtRecord(event);
		events.push(event);
		if (replaced !== undefined) {
			this.#end(replaced, sighting.timestamp, events);
		}
		if (request !== undefined) {
			this.#advance(request, record, stream, unexpected, sighting, events);
		}
	}

	/** Says that bytes of a direction, in front of what comes next, are missing or no records. */
	lose(from: Peer, reason: "missing" | "noRecord"): void {
		this.#losses.lose(from);
		this.facts.damaged = true;
		// What rubbish does to a request it does once.
		if (reason === "noRecord" && this.#rubbishFor === this.facts.requests)
			return;
		this.#rubbishFor = reason === "noRecord" ? this.facts.requests : undefined;
		const direction = from === "webServer" ? "input" : "output";
		for (const request of this.#open.values()) {
			request.damage(direction, reason);
		}
	}

	/** Says that no more records can come, and why, if it is known: all open requests end here. */
	close(
		timestamp: number | undefined,
		end: ConnectionEnd | undefined,
		events: FcgiEvent[],
	): void {
		for (const request of [...this.#open.values()]) {
			const answered = request.state !== "open";
			if (end !== undefined && !answered) noteClosing(request, timestamp, end);
			// One that was answered, or may have been, may still be read from after the application's last word.
			const waits = this.#connection.inputLags && (answered || request.damaged);
			if (end?.closing === "fin" && waits) continue;
			if (!answered) request.noteGap("closing", timestamp);
			this.#end(request, whenOver(request) ?? timestamp, events);
		}
	}

	/** Says that the web server has ended its side: the application may still answer, but nobody need be there to read it. */
	left(timestamp: number | undefined, end: ConnectionEnd): void {
		for (const request of this.#open.values()) {
			if (request.state !== "open") continue;
			request.noteGap("closing", timestamp);
			noteClosing(request, timestamp, end);
		}
	}

	/** Opens a request; where its BEGIN_REQUEST was not seen, what that would have said is not known. */
	#begin(
		requestId: number,
		seen: Extract<FcgiRecord, { kind: "beginRequest" }> | undefined,
		sighting: Sighting,
	): OpenRequest {
		if (seen !== undefined) this.#losses.sawBegin(requestId);
		const request = new OpenRequest(
			++this.#shared.requests,
			this.#connection,
			requestId,
			seen !== undefined,
			seen?.body?.role,
			seen?.body?.flags,
			sighting.startedAt,
			...this.facts.beganRequest(requestId, sighting.startedAt),
			this.#shared.kept,
		);
		this.#open.set(requestId, request);
		this.#losses.began(request);
		return request;
	}

	/** What a record does to its request. */
	#advance(
		request: OpenRequest,
		record: FcgiRecord,
		stream: StreamName | undefined,
		unexpected: Unexpected | undefined,
		sighting: Sighting,
		events: FcgiEvent[],
	): void {
		const { timestamp } = sighting;
		if (record.kind === "beginRequest") {
			events.push(this.#said("requestBegan", request, timestamp));
			if (this.#open.size > MAX_OPEN_REQUESTS) this.#dropOldest(events);
			return;
		}
		if (record.kind === "abortRequest") request.abortSeen = true;
		else if (record.kind === "endRequest") {
			request.appStatus = record.body?.appStatus;
			request.protocolStatus = record.body?.protocolStatus;
			request.state = stateAtEnd(request.abortSeen, request.protocolStatus);
			request.endedAt = timestamp;
			const waits = this.#connection.inputLags && !inputEnded(request);
			if (!waits) this.#end(request, timestamp, events);
		} else if (stream === "stdout" || stream === "stderr") {
			if (record.contentLength > 0) {
				request.noteOutput(record, sighting.startedAt, timestamp);
			}
			if (stream === "stderr") request.takeStderr(record.contentData);
			else if (request.takeStdout(record)) {
				this.facts.guessApplication(request);
				events.push(this.#said("responseHead", request, timestamp));
			}
		} else if (stream !== undefined && unexpected !== "streamEnded") {
			if (record.contentLength > 0) return;
			if (stream === "params") this.#endParams(request, timestamp, events);
			if (stream === inputStreams(request.role).at(-1)) {
				request.inputEndedAt = timestamp;
				if (request.state !== "open") this.#end(request, timestamp, events);
			}
		}
	}

	#end(
		request: OpenRequest,
		timestamp: number | undefined,
		events: FcgiEvent[],
	): void {
		if (request.state === "open") {
			request.state = stateAtClose(request.abortSeen);
		}
		request.endedAt ??= timestamp;
		if (this.#open.get(request.requestId) === request) {
			this.#open.delete(request.requestId);
		}
		this.#losses.ended(request);
		this.#endParams(request, timestamp, events);
		this.facts.endedRequest(request);
		events.push(this.#said("requestEnded", request, timestamp));
		request.release();
	}

	#endParams(
		request: OpenRequest,
		timestamp: number | undefined,
		events: FcgiEvent[],
	): void {
		if (request.paramsSaid) return;
		request.paramsSaid = true;
		request.endParams();
		this.facts.guessByParams(request);
		events.push(this.#said("paramsEnded", request, timestamp));
	}

	#dropOldest(events: FcgiEvent[]): void {
		const [oldest] = this.#open.values();
		if (oldest !== undefined) this.#end(oldest, undefined, events);
	}

	#said(
		kind: RequestMoment,
		request: OpenRequest,
		timestamp: number | undefined,
	): RequestEvent {
		const findings = this.findings.lookAtRequest(kind, request);
		return { kind, connection: this.#connection, timestamp, request, findings };
	}
}

function noteClosing(
	request: OpenRequest,
	timestamp: number | undefined,
	{ by, closing }: ConnectionEnd,
): void {
	if (request.closedBy !== undefined) return;
	request.closedBy = by;
	request.closing = closing;
	request.closedAt = timestamp;
	if (timestamp === undefined || request.lastRecordAt === undefined) return;
	request.quietBeforeClose = Math.max(timestamp - request.lastRecordAt, 0);
}

/** When a request was over that an end left, unless output came after that; undefined where nobody left. */
function whenOver({ closedAt, lastOutputAt }: OpenRequest): number | undefined {
	if (closedAt === undefined || lastOutputAt === undefined) return closedAt;
	return Math.max(closedAt, lastOutputAt);
}

/** Whether the last of its input streams has ended. */
function inputEnded(request: OpenRequest): boolean {
	const last = inputStreams(request.role).at(-1);
	return last === undefined || request[last].ended;
}

/** Kinds of records that come when there is nothing more to be learned from PARAMS. */
function afterParams(kind: FcgiRecord["kind"]): boolean {
	switch (kind) {
		case "stdout":
		case "stderr":
		case "abortRequest":
		case "endRequest":
			return true;
		default:
			return false;
	}
}
