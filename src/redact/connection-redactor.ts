// Replaces the secrets in the records of one connection (specification, section 3.3): a scanner for each stream of each request,
// as long as the request is open. What is known of the position in a stream is the scanner's start: behind BEGIN_REQUEST a stream
// begins; of an id that was not begun it may be anywhere; behind lost bytes nothing can be told from a secret.

import { type Peer, recordType } from "../fastcgi/constants.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { Redactor } from "../inspect/redactor.js";
import { MAX_OPEN_REQUESTS } from "../inspect/request-tracker.js";
import { Mask } from "./mask.js";
import type { NameJudge } from "./name-judge.js";
import { RequestScanners } from "./request-scanners.js";

/** Added to the id of records that the wrong end sends: what they do is theirs. */
const WRONG_END = 0x10000;

/** The redactor of one connection. */
export class ConnectionRedactor implements Redactor {
	readonly #judge: NameJudge;
	readonly #requests = new Map<number, RequestScanners>();
	/** Ids whose last request is over, of which nothing should come: of 65,536 there are no more, from each end. */
	#ended: Set<number> | undefined;
	/** Directions in which records may have been missed: of an id that is not known, nothing can be told. */
	readonly #lost = { webServer: false, application: false };
	#legible: number | undefined;

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	get legible(): number | undefined {
		return this.#legible;
	}

	redact(record: FcgiRecord, from: Peer): FcgiRecord {
		this.#legible = undefined;
		const redacted = this.#redactContent(record, from);
		const { paddingData } = record;
		for (let at = 0; at < paddingData.length; at++) {
			if (paddingData[at] === 0) continue;
			return { ...redacted, paddingData: coveredPadding(paddingData) };
		}
		return redacted;
	}

	#redactContent(record: FcgiRecord, from: Peer): FcgiRecord {
		const type = recordType(record.type);
		if (type === undefined) return coveredBehind(record, 0);
		if (type.management) {
			return record.kind === "unknownType"
				? coveredBehind(record, BODY_LENGTH)
				: record;
		}
		const right = type.sentBy === from;
		const id = record.requestId + (right ? 0 : WRONG_END);
		if (record.kind === "beginRequest") {
			this.#begin(id, true);
			return coveredBehind(record, BODY_LENGTH);
		}
		if (record.kind === "endRequest") {
			this.#end(id);
			return coveredBehind(record, BODY_LENGTH);
		}
		if (!type.stream) return coveredBehind(record, 0);
		const request = this.#requests.get(id) ?? this.#begin(id, false);
		return this.#redactPiece(record, request);
	}

	lose(from: Peer): void {
		this.#lost[from] = true;
		this.#ended?.clear();
		for (const request of this.#requests.values()) request.lose(from);
	}

	#begin(id: number, seen: boolean): RequestScanners {
		const request = new RequestScanners(this.#judge, seen);
		const over = this.#ended?.delete(id) === true;
		if (!seen && (over || this.#lost.webServer)) request.lose("webServer");
		if (!seen && (over || this.#lost.application)) request.lose("application");
		if (seen) this.#requests.get(id)?.replaceBy(request);
		this.#requests.delete(id);
		this.#requests.set(id, request);
		if (this.#requests.size > MAX_OPEN_REQUESTS) this.#forgetOldest();
		return request;
	}

	#end(id: number): void {
		const request = this.#requests.get(id);
		const over = request === undefined || request.endOutput();
		if (!over || this.#lost.application) return;
		this.#requests.delete(id);
		this.#ended ??= new Set();
		this.#ended.add(id);
	}

	/** What comes of a request that was forgotten may be anywhere in its streams. */
	#forgetOldest(): void {
		for (const id of this.#requests.keys()) {
			this.#requests.delete(id);
			break;
		}
		this.#lost.webServer = this.#lost.application = true;
	}

	#redactPiece(record: FcgiRecord, request: RequestScanners): FcgiRecord {
		if (record.contentLength === 0) {
			request.endStream(record.kind);
			return record;
		}
		const { contentData, holes } = record;
		const mask = new Mask(contentData);
		let at = 0;
		let legible = contentData.length;
		for (const hole of holes) {
			const told = request.scan(record.kind, contentData, at, hole.at, mask);
			if (told < hole.at) legible = Math.min(legible, told);
			request.skip(record.kind, hole.length);
			at = hole.at;
		}
		const end = contentData.length;
		legible = Math.min(
			legible,
			request.scan(record.kind, contentData, at, end, mask),
		);
		if (legible < end) this.#legible = legible;
		if (mask.bytes === contentData) return record;
		return { ...record, contentData: mask.bytes } as FcgiRecord;
	}
}

/** Bytes of the content of records that are no streams (specification, section 8). */
const BODY_LENGTH = 8;

/** A record with all of its content covered behind so many bytes: no content of its type has more, so it may be anything. */
function coveredBehind(record: FcgiRecord, length: number): FcgiRecord {
	const { contentData, holes } = record;
	const from = Math.min(length, holes[0]?.at ?? length);
	if (contentData.length <= from) return record;
	const mask = new Mask(contentData);
	mask.cover(from, contentData.length);
	return { ...record, contentData: mask.bytes } as FcgiRecord;
}

/** Padding has no meaning: what is not zero in it is memory that was not cleared. */
function coveredPadding(padding: Buffer): Buffer {
	const mask = new Mask(padding);
	for (let at = 0; at < padding.length; at++) {
		if (padding[at] !== 0) mask.cover(at, at + 1);
	}
	return mask.bytes;
}
