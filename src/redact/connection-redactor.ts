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
	/** Directions in which records may have been missed: of an id that is not known, nothing can be told. */
	readonly #lost = { webServer: false, application: false };

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	redact(record: FcgiRecord, from: Peer): FcgiRecord {
		const type = recordType(record.type);
		if (type === undefined || type.management) return record;
		const right = type.sentBy === from;
		const id = record.requestId + (right ? 0 : WRONG_END);
		if (record.kind === "beginRequest") {
			this.#begin(id, true);
			return record;
		}
		if (record.kind === "endRequest") {
			const request = this.#requests.get(id);
			if (request?.endOutput() === true && !this.#lost.application) {
				this.#requests.delete(id);
			}
			return record;
		}
		if (!type.stream || record.kind === "data") return record;
		const request = this.#requests.get(id) ?? this.#begin(id, false);
		return this.#redactPiece(record, request);
	}

	lose(from: Peer): void {
		this.#lost[from] = true;
		for (const request of this.#requests.values()) request.lose(from);
	}

	#begin(id: number, seen: boolean): RequestScanners {
		const request = new RequestScanners(this.#judge, seen);
		if (!seen && this.#lost.webServer) request.lose("webServer");
		if (!seen && this.#lost.application) request.lose("application");
		this.#requests.delete(id);
		this.#requests.set(id, request);
		if (this.#requests.size > MAX_OPEN_REQUESTS) this.#forgetOldest();
		return request;
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
		for (const hole of holes) {
			request.scan(record.kind, contentData, at, hole.at, mask);
			request.skip(record.kind, hole.length);
			at = hole.at;
		}
		request.scan(record.kind, contentData, at, contentData.length, mask);
		if (mask.bytes === contentData) return record;
		return { ...record, contentData: mask.bytes } as FcgiRecord;
	}
}
