// A request while its records come in: counts, parameters, the head of the response, the text of STDERR. Which records
// belong to it is the tracker's business.

import type { Peer, RecordKind } from "../fastcgi/constants.js";
import type { NameValue } from "../fastcgi/name-values.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import { decodeText } from "../fastcgi/text.js";
import { CgiHeadReader, type CgiResponse } from "./cgi-response.js";
import type { Closing, Connection } from "./chunk.js";
import type { Finding } from "./finding.js";
import {
	type FcgiRequest,
	PAUSE,
	type Param,
	type RequestState,
	type ServerAnswer,
	type StreamName,
	type StreamState,
	type UnfinishedPair,
} from "./request.js";
import { RequestParams } from "./request-params.js";
import type { Software } from "./software.js";

/** Most STDERR bytes that are kept of one request: eight of the records that an error flood comes in. */
export const MAX_STDERR_BYTES = 64 * 1024;

/** Bytes of a body that are kept to show what it is: less than a line of a terminal. */
const BODY_START_BYTES = 64;

/** Most bytes that all open requests of an input keep together: many at once must not cost what one may. */
export const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** What the open requests of an input keep together. */
export interface KeptBytes {
	bytes: number;
}

/** A request under way. */
export class OpenRequest implements FcgiRequest {
	readonly params = newStream();
	readonly stdin = newStream();
	readonly data = newStream();
	readonly stdout = newStream();
	readonly stderr = newStream();
	/** Whether `paramsEnded` was said of it. */
	paramsSaid = false;
	response: CgiResponse | undefined;
	headRecords = 0;
	bodyStart: Buffer = NO_BYTES;
	state: RequestState = "open";
	abortSeen = false;
	appStatus: number | undefined;
	protocolStatus: number | undefined;
	records = 0;
	damaged = false;
	bytesMissing = false;
	inputEndedAt: number | undefined;
	firstByteAt: number | undefined;
	lastOutputAt: number | undefined;
	bursts = 0;
	longestGap: number | undefined;
	longestGapBefore: RecordKind | "closing" | undefined;
	lastRecordAt: number | undefined;
	endedAt: number | undefined;
	closedBy: Peer | undefined;
	closing: Closing | undefined;
	closedAt: number | undefined;
	quietBeforeClose: number | undefined;
	webServerSoftware: Software | undefined;
	applicationSoftware: Software | undefined;
	serverAnswer: ServerAnswer | undefined;
	readonly findings: Finding[] = [];
	/** What was seen of padding: 1 none where some was needed, 2 aligned to eight bytes, 4 misaligned. */
	#paddings = 0;
	readonly #params = new RequestParams();
	#head: CgiHeadReader | undefined = new CgiHeadReader();
	#stderr: Buffer = NO_BYTES;
	readonly #keptByAll: KeptBytes;
	#kept = 0;
	constructor(
		readonly number: number,
		readonly connection: Connection,
		readonly requestId: number,
		readonly beginSeen: boolean,
		readonly role: number | undefined,
		readonly flags: number | undefined,
		public startedAt: number | undefined,
		readonly onConnection: number,
		readonly idleBefore: number | undefined,
		readonly idleConnections: number,
		readonly openBeside: number,
		readonly openElsewhere: number,
		keptByAll: KeptBytes,
	) {
		this.#keptByAll = keptByAll;
	}

	get stderrText(): string {
		return decodeText(this.#stderr).text;
	}

	get stderrOmitted(): number {
		return this.stderr.bytes - this.#stderr.length;
	}

	get unfinishedHead(): Buffer {
		return this.#head?.unfinished ?? NO_BYTES;
	}

	get padding(): FcgiRequest["padding"] {
		return PADDINGS[this.#paddings];
	}

	get parameters(): readonly Param[] {
		return this.#params.all;
	}

	get parametersDamaged(): FcgiRequest["parametersDamaged"] {
		return this.#params.damage;
	}

	param(name: string): string | undefined {
		return this.#params.find(name);
	}

	get hasRepeatedNames(): boolean {
		return this.#params.hasRepeatedNames;
	}

	get unfinishedPair(): UnfinishedPair | undefined {
		return this.#params.unfinished;
	}

	/** Notes the time of a record, and how long nothing had come before it. */
	noteTime(
		kind: RecordKind,
		startedAt: number | undefined,
		timestamp: number | undefined,
	): void {
		this.noteGap(kind, startedAt);
		this.lastRecordAt = timestamp;
	}

	/** Notes that something came after a time in which nothing did. */
	noteGap(before: RecordKind | "closing", at: number | undefined): void {
		if (at === undefined || this.lastRecordAt === undefined) return;
		// Nobody waits any more once the web server has left.
		if (this.closedBy === "webServer") return;
		const gap = at - this.lastRecordAt;
		if (this.longestGap !== undefined && gap <= this.longestGap) return;
		this.longestGap = Math.max(gap, 0);
		this.longestGapBefore = before;
	}

	/** Notes content of STDOUT or STDERR, and how it came. */
	noteOutput(
		{ contentLength, paddingLength }: FcgiRecord,
		startedAt: number | undefined,
		timestamp: number | undefined,
	): void {
		this.firstByteAt ??= startedAt;
		const pause = (startedAt ?? 0) - (this.lastOutputAt ?? 0);
		if (this.bursts === 0 || pause >= PAUSE) this.bursts++;
		this.lastOutputAt = timestamp;
		if (paddingLength > 0) {
			this.#paddings |= (contentLength + paddingLength) % 8 === 0 ? 2 : 4;
		} else if (contentLength % 8 !== 0) this.#paddings |= 1;
	}

	/** Counts a piece of one of its streams. */
	countPiece(stream: StreamName, record: FcgiRecord): void {
		const state = this[stream];
		if (record.contentLength === 0) state.ended = true;
		else state.records++;
		state.bytes += record.contentData.length;
		state.missing += missingContent(record);
	}

	/** Takes a piece of PARAMS and returns the pairs that end in it, or in its `legible` bytes. */
	takeParams(record: FcgiRecord, legible?: number): readonly NameValue[] {
		return this.#params.take(record, this, legible);
	}

	/** Says that no more PARAMS follow. */
	endParams(): void {
		this.#params.end(this.params, this.damaged);
	}

	/** Takes a piece of STDOUT; true if the head of the response became whole by it. */
	takeStdout(record: FcgiRecord): boolean {
		if (this.#head === undefined) {
			if (this.response !== undefined) this.#takeBody(record.contentData);
			return false;
		}
		const content = record.contentData;
		if (!this.keep(content.length)) {
			this.#head = undefined;
			return false;
		}
		this.response = this.#head.push(content);
		if (this.response !== undefined) {
			this.#head = undefined;
			this.headRecords = this.stdout.records;
			const before = this.stdout.bytes - content.length;
			this.#takeBody(content.subarray(this.response.headBytes - before));
			return true;
		}
		if (missingContent(record) > 0) this.#head = undefined;
		return false;
	}

	#takeBody(content: Buffer): void {
		const room = BODY_START_BYTES - this.bodyStart.length;
		if (room <= 0 || content.length === 0) return;
		const start = content.subarray(0, room);
		this.bodyStart = Buffer.concat([this.bodyStart, start]);
	}

	/** Takes a piece of STDERR. */
	takeStderr(content: Buffer): void {
		const room = MAX_STDERR_BYTES - this.#stderr.length;
		if (room <= 0 || content.length === 0) return;
		if (!this.keep(Math.min(room, content.length))) return;
		this.#stderr = Buffer.concat([this.#stderr, content.subarray(0, room)]);
	}

	/** Counts bytes that are about to be kept; false where all requests together would keep too much. */
	keep(bytes: number): boolean {
		if (this.#keptByAll.bytes + bytes > MAX_KEPT_BYTES) return false;
		this.#keptByAll.bytes += bytes;
		this.#kept += bytes;
		return true;
	}

	/** Says that it has ended: what it keeps goes when its last event has gone. */
	release(): void {
		this.#keptByAll.bytes -= this.#kept;
		this.#kept = 0;
	}

	/** Bytes of a direction are missing, or were skipped, while the request is open. */
	damage(direction: "input" | "output", reason: "missing" | "noRecord"): void {
		this.damaged = true;
		if (reason === "noRecord") return;
		this.bytesMissing = true;
		if (direction === "output") this.#head = undefined;
		else if (!this.params.ended && this.params.records > 0) {
			this.#params.loseRest();
		}
	}
}

const PADDINGS = [
	undefined,
	"none",
	"aligned",
	"mixed",
	"misaligned",
	"mixed",
	"mixed",
	"mixed",
] as const;

function newStream(): StreamState {
	return { bytes: 0, records: 0, ended: false, missing: 0 };
}

function missingContent(record: FcgiRecord): number {
	return record.missing === 0
		? 0
		: record.contentLength - record.contentData.length;
}
