// What HAProxy makes of an answer (measured with 2.6.12): it does not look at the version, passes over records of other requests
// and unknown types, and names no reason: its log has the state of the session at its end. Answers that its 2.6 dies of are
// left unsaid.

import { decodeText } from "../fastcgi/text.js";
import type { FcgiRequest } from "../inspect/request.js";
import {
	AFTER_TIMEOUT,
	type AnswerEnd,
	type AnswerModel,
	asksForHead,
	END_REQUEST,
	remarkOf,
	type SeenRecord,
	STDERR,
	STDOUT,
	type Verdict,
	type WebServer,
} from "./answer-model.js";
import { BodyCount, bytesOf } from "./body-count.js";
import { HaproxyHead, MAX_HEAD } from "./haproxy-head.js";
import { behindEmptyLine, HeadBytes } from "./head-bytes.js";
import type { KeptBytes } from "./kept-bytes.js";
import { lineText, ServerLog } from "./server-log.js";

/** HAProxy, with `log-stderr` set for its application. */
export const haproxy: WebServer = {
	name: "haproxy",
	multiplexes: true,
	create: (request, kept) => new HaproxyModel(request, kept),
};

/** Bytes of END_REQUEST's body (specification, section 5.5). */
const END_BODY = 8;

class HaproxyModel implements AnswerModel {
	readonly #request: FcgiRequest;
	readonly #log: ServerLog;
	readonly #head: HeadBytes;
	#parsed: HaproxyHead | undefined;
	#body: BodyCount | undefined;
	#stdoutEnded = false;
	#late = false;
	/** Whether it waits for the rest of a record that does not come. */
	#waits = false;
	/** Whether a record with more than the rest of the body is in its way. */
	#stuck = false;
	#refused = false;
	#unclear = false;

	constructor(request: FcgiRequest, kept: KeptBytes) {
		this.#request = request;
		this.#log = new ServerLog(kept);
		this.#head = new HeadBytes(MAX_HEAD, behindEmptyLine, kept);
	}

	see(record: SeenRecord): void {
		if (this.#unclear || this.#refused) return;
		const { type, requestId, cut } = record;
		if (record.headerBytes < 8) {
			this.#waits = true;
			return;
		}
		const own = requestId === this.#request.requestId;
		const read = type === STDOUT || type === STDERR || type === END_REQUEST;
		if (!own || !read) {
			// Records of requests have no place with the null id, and 2.6 dies of them.
			if (requestId === 0 && read) this.#unclear = true;
			if (!record.known && !cut) this.#unclear = true;
			return;
		}
		if (cut) {
			// One that is longer than its buffer is passed on as it comes.
			if (record.contentLength >= MAX_HEAD) this.#unclear = true;
			this.#waits = true;
		} else if (!record.known) this.#unclear = true;
		else if (type === STDERR) this.#logStderr(record.content);
		else if (type === STDOUT) this.#takeStdout(record.content);
		else {
			if (record.contentLength !== END_BODY) this.#unclear = true;
			this.#stdoutEnded = true;
		}
	}

	#takeStdout(content: Buffer): void {
		if (this.#stdoutEnded) {
			if (content.length > 0) this.#late = true;
		} else if (content.length === 0) this.#stdoutEnded = true;
		else if (this.#body !== undefined) this.#addTo(this.#body, content);
		else {
			const body = this.#head.push(content);
			if (this.#head.tooLong) this.#refused = true;
			else if (body !== undefined) {
				this.#endHead(content.subarray(content.length - body));
			} else if (content.includes(10)) this.#refused = !this.#linesAreTaken;
		}
	}

	/** What comes when the body is whole is passed over; a record that reaches further is not taken at all. */
	#addTo(body: BodyCount, content: Buffer): void {
		const { announced = Number.POSITIVE_INFINITY, bytes } = body;
		if (bytes < announced && bytes + content.length > announced) {
			this.#stuck = true;
		}
		if (!this.#stuck) body.add(content);
	}

	/** Whether nothing is wrong with those lines of a head that are whole; as only so many are taken, it is not asked often. */
	get #linesAreTaken(): boolean {
		const { bytes } = this.#head;
		return new HaproxyHead(bytes.subarray(0, bytes.lastIndexOf(10) + 1)).taken;
	}

	#endHead(rest: Buffer): void {
		const head = new HaproxyHead(this.#head.bytes);
		this.#parsed = head;
		this.#body = new BodyCount(head.fields);
		this.#body.add(rest);
		const { status } = head;
		const bodyless = status === "204" || status === "304";
		if (this.#isHead && rest.length > 0) this.#unclear = true;
		// A body that is longer than it may be is refused where it comes with the head, and cut where it comes later.
		if (!head.taken || this.#body.long || (bodyless && rest.length > 0)) {
			this.#refused = true;
		}
	}

	get #isHead(): boolean {
		return asksForHead(this.#request);
	}

	#logStderr(content: Buffer): void {
		if (content.length === 0) return;
		const lines = lineText(content)
			.split(/\r?\n/)
			.filter((line) => line !== "");
		this.#log.add(`app: ${lines.join(" / ")}`);
	}

	verdict(end: AnswerEnd): Verdict | undefined {
		if (this.#unclear) return undefined;
		if (this.#refused) return this.#says("PH--", "502", "");
		const body = this.#body;
		if (body === undefined) {
			// 2.6 dies of a head that ends in the middle.
			if (this.#head.bytes.length > 0) return undefined;
			return this.#endWithoutHead(end);
		}
		if (this.#stuck) return this.#says("SD--", undefined, "cut");
		const short = body.short && !this.#isHead;
		if (body.fulfilled || (this.#stdoutEnded && !short)) {
			return this.#whole(body);
		}
		if (end === "left" || this.#isHead) return undefined;
		const waits = this.#waits || end === "endRequest" || end === "timeout";
		return waits
			? this.#says("sD--", undefined, remarkOf("cut", AFTER_TIMEOUT))
			: this.#says("SD--", undefined, "cut");
	}

	#endWithoutHead(end: AnswerEnd): Verdict | undefined {
		if (end === "left") return undefined;
		const closed = (end === "fin" || end === "rst") && !this.#waits;
		return closed
			? this.#says("SH--", "502", "")
			: this.#says("sH--", "504", AFTER_TIMEOUT);
	}

	#whole(body: BodyCount): Verdict {
		const { status = "" } = this.#parsed ?? {};
		if (!/^\d{3}$/.test(status)) {
			const { text } = decodeText(Buffer.from(status, "latin1"));
			return this.#says(
				"----",
				text,
				`"${text}" passed to the client as the status line`,
			);
		}
		if (this.#late) return this.#says("----", undefined, body.words);
		const remark = body.long && bytesOf(body.announced as number, "body ");
		return this.#says("----", undefined, remarkOf(remark));
	}

	#says(state: string, status: string | undefined, remark: string): Verdict {
		const shown = status ?? this.#parsed?.status ?? "";
		const number = /^\d{3}$/.test(shown) ? shown : this.#parsed?.statusNumber;
		this.#log.add(`state ${state} status ${number ?? shown}`);
		return { status: shown, remark, log: this.#log.lines };
	}
}
