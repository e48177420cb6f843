// What nginx makes of an answer (measured with 1.22.1; rules of its FastCGI module): it looks at version, type and request id of
// each header, in this order, and fails on the first that is not as it should be. Its one buffer for the head holds the headers
// and the padding of records, too.

import { FCGI_KEEP_CONN, FCGI_VERSION_1 } from "../fastcgi/constants.js";
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
import { fieldValue } from "./head-bytes.js";
import type { KeptBytes } from "./kept-bytes.js";
import { NginxBody, nginxStatus } from "./nginx-body.js";
import { BUFFER_SIZE, NginxBuffer } from "./nginx-buffer.js";
import { NginxHead } from "./nginx-head.js";
import { lineText, ServerLog } from "./server-log.js";

/** nginx. */
export const nginx: WebServer = {
	name: "nginx",
	multiplexes: false,
	create: (request, kept) => new NginxModel(request, kept),
};

const READING_HEADER = "while reading response header from upstream";
const READING = "while reading upstream";
const CLOSED = "upstream prematurely closed connection";
const TIMED_OUT = "upstream timed out (110: Connection timed out)";

/** What its client gets is the answer to another request. */
const SENT_AGAIN = "sent again on another connection";
/** Methods of requests that are not sent again (`proxy_next_upstream` without `non_idempotent`). */
const NOT_REPEATED = ["POST", "LOCK", "PATCH"];

/** `postpone_output`: a head that is longer is sent at once. */
const POSTPONED = 1460;
/**
 * A body is sent on when a buffer is full, or at its end; with fastcgi_keep_conn, once there is as much of it as a record's
 * header.
 */
const LEAST_PASSED_ON = 8;

class NginxModel implements AnswerModel {
	readonly #request: FcgiRequest;
	readonly #kept: KeptBytes;
	readonly #log: ServerLog;
	readonly #keeps: boolean;
	readonly #buffer = new NginxBuffer();
	readonly #head = new NginxHead();
	#status = "";
	#body: NginxBody | undefined;
	/** Bytes that came so far, headers and padding included, those of them behind the head, and when that was whole. */
	#bytes = 0;
	#behindHead = 0;
	#headBytes = 0;
	/** What the log had when the head was whole. */
	#headLog: readonly string[] = [];
	#headAt: number | undefined;
	#failed: Verdict | undefined;
	#unclear = false;

	constructor(request: FcgiRequest, kept: KeptBytes) {
		this.#request = request;
		this.#kept = kept;
		this.#log = new ServerLog(kept);
		this.#keeps = ((request.flags ?? 0) & FCGI_KEEP_CONN) !== 0;
	}

	see(record: SeenRecord): void {
		if (this.#unclear || this.#failed || this.#body?.done) return;
		const fault = this.#faultOf(record);
		if (fault !== undefined) this.#fail(fault, record);
		if (this.#failed || this.#unclear || record.headerBytes < 8) return;
		if (!record.known) this.#unclear = true;
		else if (this.#body === undefined) this.#seeInHead(record);
		else {
			this.#behindHead += 8 + record.content.length + record.paddingLength;
			this.#seeInBody(record, record.content, this.#body);
		}
		this.#bytes += 8 + record.content.length + record.paddingLength;
	}

	/** What is wrong with a record's header, as far as it came. */
	#faultOf({ version, type, requestId, headerBytes }: SeenRecord) {
		if (version !== FCGI_VERSION_1) {
			return `upstream sent unsupported FastCGI protocol version: ${version}`;
		}
		if (headerBytes < 2) return undefined;
		if (type !== STDOUT && type !== STDERR && type !== END_REQUEST) {
			return `upstream sent invalid FastCGI record type: ${type}`;
		}
		if (headerBytes < 4 || requestId === this.#request.requestId) {
			return undefined;
		}
		// nginx itself uses the id 1 only.
		if (this.#request.requestId !== 1) this.#unclear = true;
		return requestId > 0xff
			? `upstream sent unexpected FastCGI request id high byte: ${requestId >> 8}`
			: `upstream sent unexpected FastCGI request id low byte: ${requestId & 0xff}`;
	}

	#seeInHead(record: SeenRecord): void {
		const { type, contentLength, content, cut } = record;
		this.#buffer.add(8);
		if (type === END_REQUEST) {
			this.#fail("upstream sent unexpected FastCGI record: 3", record);
		} else if (type === STDERR) {
			const padded = record.paddingLength > 0;
			for (const piece of this.#buffer.stderrPieces(content, padded)) {
				this.#logStderr(piece, READING_HEADER);
			}
		} else if (contentLength === 0) {
			this.#fail("upstream prematurely closed FastCGI stdout", record);
		} else this.#readHead(record);
		if (this.#failed || this.#body !== undefined) return;
		if (!cut) this.#buffer.add(record.paddingLength);
		if (this.#buffer.full) this.#fail("upstream sent too big header", record);
	}

	#readHead(record: SeenRecord): void {
		const { content } = record;
		const room = content.subarray(0, this.#buffer.room);
		if (!this.#kept.take(room.length)) return;
		const taken = this.#head.push(room);
		this.#headBytes += taken;
		this.#buffer.addStdout(
			this.#head.state === "open" ? content.length : taken,
		);
		if (this.#head.state === "refused") {
			const { text } = decodeText(Buffer.from(this.#head.refusal, "latin1"));
			this.#fail(`upstream sent invalid header: "${text}"`, record);
		} else if (this.#head.state === "whole") {
			// A head that fills the buffer to its last byte, or does with STDERR in front of it, may go either way.
			this.#unclear = this.#buffer.unclear;
			this.#endHead(record);
			if (this.#failed || this.#body === undefined) return;
			const rest = content.subarray(taken);
			this.#behindHead = rest.length + record.paddingLength;
			if (rest.length > 0) this.#seeInBody(record, rest, this.#body);
		}
	}

	#endHead(record: SeenRecord): void {
		const { fields } = this.#head;
		const status = nginxStatus(fields);
		if (status === undefined) {
			const given = fieldValue(fields, "status", "first") ?? "";
			const { text } = decodeText(Buffer.from(given, "latin1"));
			this.#fail(`upstream sent invalid status "${text}"`, record);
			return;
		}
		this.#status = status;
		// Another request takes its place, or it is only the announcement of one.
		const elsewhere = fieldValue(fields, "x-accel-redirect") !== undefined;
		if (elsewhere || /^1\d\d$/.test(status)) this.#unclear = true;
		this.#headLog = [...this.#log.lines];
		const isHead = asksForHead(this.#request);
		this.#body = new NginxBody(fields, status, isHead);
		this.#headAt = record.timestamp;
	}

	#seeInBody(record: SeenRecord, content: Buffer, body: NginxBody): void {
		const { type } = record;
		if (type === STDERR) this.#logStderr(content, READING);
		else {
			const line =
				type === END_REQUEST
					? body.end()
					: record.contentLength === 0
						? body.endStdout()
						: body.take(content);
			if (line !== undefined) this.#log.add(`${line} ${READING}`);
		}
	}

	#logStderr(content: Buffer, where: string): void {
		if (content.length === 0 || this.#log.full) return;
		const text = lineText(content);
		// At least its first character stays, whatever that is.
		let to = text.length;
		while (to > 1 && "\n\r. ".includes(text[to - 1] as string)) to--;
		this.#log.add(
			`[error] FastCGI sent in stderr: "${text.slice(0, to)}" ${where}`,
		);
	}

	#fail(line: string, { timestamp }: SeenRecord): void {
		const inHead = this.#body === undefined;
		this.#log.add(`[error] ${line} ${inHead ? READING_HEADER : READING}`);
		if (inHead) this.#failed = this.#says("502", "");
		else {
			const later = (timestamp ?? 0) > (this.#headAt ?? 0);
			const bodySent =
				this.#keeps &&
				later &&
				(this.#body?.bytes ?? 0) > 0 &&
				this.#behindHead >= LEAST_PASSED_ON;
			const sent =
				bodySent || this.#bytes >= BUFFER_SIZE || this.#headBytes >= POSTPONED;
			const whole = bodySent && this.#body?.rest === 0;
			this.#failed = sent
				? this.#says(this.#status, whole ? "" : "cut")
				: this.#says("no response", "");
		}
	}

	#says(status: string, remark: string): Verdict {
		return { status, remark, log: this.#log.lines };
	}

	verdict(end: AnswerEnd): Verdict | undefined {
		if (this.#unclear) return undefined;
		const body = this.#body;
		const open = end === "timeout" || end === "left";
		if (body !== undefined && open && !this.#keeps) return this.#waited(end);
		if (this.#failed) return this.#failed;
		if (body === undefined) return this.#endInHead(end);
		if (body.done) return this.#says(this.#status, body.remark);
		if (asksForHead(this.#request)) return undefined;
		switch (end) {
			case "timeout":
				return this.#timedOut(body);
			case "fin":
				return this.#keeps
					? this.#closedEarly(body)
					: this.#says(this.#status, body.remarkAtClose);
			case "rst":
				// How much of what came before was read, nobody knows.
				if (body.stdoutEnded || body.rest === 0) return undefined;
				this.#log.add(
					`[error] readv() failed (104: Connection reset by peer) ${READING}`,
				);
				return this.#says(this.#status, "cut");
			default:
				return undefined;
		}
	}

	#endInHead(end: AnswerEnd): Verdict | undefined {
		if (end === "timeout") {
			this.#log.add(`[error] ${TIMED_OUT} ${READING_HEADER}`);
			return this.#says("504", AFTER_TIMEOUT);
		}
		if (end !== "fin" && end !== "rst") return undefined;
		const reset = "recv() failed (104: Connection reset by peer)";
		this.#log.add(
			`[error] ${end === "rst" ? reset : CLOSED} ${READING_HEADER}`,
		);
		return this.#triesAgain
			? this.#says(SENT_AGAIN, "")
			: this.#says("502", "");
	}

	/** Whether it thinks that the application had closed a kept connection before: then it asks on another, if it may. */
	get #triesAgain(): boolean {
		const method = this.#request.param("REQUEST_METHOD") ?? "";
		const reused = this.#keeps && this.#request.onConnection > 1;
		return reused && !NOT_REPEATED.includes(method);
	}

	/**
	 * Without fastcgi_keep_conn, it looks at what came behind the head when a buffer is full, or the connection closed: if
	 * neither happens, it waits, whatever came.
	 */
	#waited(end: AnswerEnd): Verdict | undefined {
		const { length } = this.#headLog;
		const seen = this.#log.lines.length > length || this.#body?.done;
		const full = this.#bytes >= BUFFER_SIZE;
		if (end === "left" || (full && seen)) return undefined;
		return {
			status: this.#status,
			remark: remarkOf("cut", AFTER_TIMEOUT),
			log: [...this.#headLog, `[error] ${TIMED_OUT} ${READING}`],
		};
	}

	#timedOut(body: NginxBody): Verdict {
		this.#log.add(`[error] ${TIMED_OUT} ${READING}`);
		const whole = this.#keeps && body.rest === 0 && body.stdoutEnded;
		return this.#says(this.#status, remarkOf(!whole && "cut", AFTER_TIMEOUT));
	}

	/** With fastcgi_keep_conn, an answer ends with END_REQUEST only. */
	#closedEarly(body: NginxBody): Verdict {
		this.#log.add(`[error] ${CLOSED} ${READING}`);
		return this.#says(this.#status, body.rest === 0 ? "" : "cut");
	}
}
