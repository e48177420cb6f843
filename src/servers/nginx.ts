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
import { BodyCount, bytesOf } from "./body-count.js";
import { fieldValue } from "./head-bytes.js";
import type { KeptBytes } from "./kept-bytes.js";
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
const MORE_DATA =
	'upstream sent more data than specified in "Content-Length" header';

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
	#body: BodyCount | undefined;
	/** Bytes of the body that Content-Length leaves; undefined where it leaves any number. */
	#rest: number | undefined;
	#stdoutEnded = false;
	/** Whether it reads no more, content with what it has. */
	#done = false;
	/** Whether the body ended in front of what Content-Length says. */
	#short = false;
	/** Bytes that came so far, headers and padding included, those of them behind the head, and when that was whole. */
	#bytes = 0;
	#behindHead = 0;
	#headAt: number | undefined;
	#failed: Verdict | undefined;
	#unclear = false;
	/** Whether some of the body came after the end of STDOUT, or was more than Content-Length says. */
	#late = false;
	#excess = false;

	constructor(request: FcgiRequest, kept: KeptBytes) {
		this.#request = request;
		this.#kept = kept;
		this.#log = new ServerLog(kept);
		this.#keeps = ((request.flags ?? 0) & FCGI_KEEP_CONN) !== 0;
	}

	see(record: SeenRecord): void {
		if (this.#unclear || this.#done || this.#failed || this.#short) return;
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
			this.#behindHead = rest.length;
			if (rest.length > 0) this.#seeInBody(record, rest, this.#body);
		}
	}

	#endHead(record: SeenRecord): void {
		const { fields } = this.#head;
		const status = fieldValue(fields, "status", "first");
		if (status !== undefined && !/^\d{3}/.test(status)) {
			const { text } = decodeText(Buffer.from(status, "latin1"));
			this.#fail(`upstream sent invalid status "${text}"`, record);
			return;
		}
		const location = fieldValue(fields, "location") !== undefined;
		this.#status = status?.split(" ")[0] ?? (location ? "302" : "200");
		// Another request takes its place, or it is only the announcement of one.
		const elsewhere = fieldValue(fields, "x-accel-redirect") !== undefined;
		if (elsewhere || /^1\d\d$/.test(this.#status)) this.#unclear = true;
		this.#body = new BodyCount(fields);
		this.#headAt = record.timestamp;
		const isHead = asksForHead(this.#request);
		const bodyless = this.#status === "204" || this.#status === "304";
		this.#rest = bodyless ? 0 : isHead ? undefined : this.#body.announced;
	}

	#seeInBody(record: SeenRecord, content: Buffer, body: BodyCount): void {
		const { type } = record;
		if (type === STDERR) this.#logStderr(content, READING);
		else if (type === END_REQUEST) {
			if (this.#rest !== undefined && this.#rest > 0) {
				this.#endShort("upstream prematurely closed FastCGI request");
			} else this.#done = true;
		} else if (record.contentLength === 0) {
			this.#stdoutEnded = true;
			if (this.#rest !== undefined && this.#rest > 0) {
				this.#endShort("upstream prematurely closed FastCGI stdout");
			}
		} else if (content.length > 0) this.#takeBody(content, body);
	}

	#takeBody(content: Buffer, body: BodyCount): void {
		if (this.#stdoutEnded) this.#late = true;
		body.add(content.subarray(0, this.#rest ?? content.length));
		if (this.#rest === undefined) return;
		if (content.length > this.#rest) {
			this.#log.add(`[warn] ${MORE_DATA} ${READING}`);
			this.#done = this.#excess = true;
		}
		this.#rest = Math.max(this.#rest - content.length, 0);
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

	#endShort(line: string): void {
		this.#log.add(`[error] ${line} ${READING}`);
		this.#short = true;
	}

	#fail(line: string, { timestamp }: SeenRecord): void {
		const inHead = this.#body === undefined;
		this.#log.add(`[error] ${line} ${inHead ? READING_HEADER : READING}`);
		if (inHead) this.#failed = this.#says("502", "");
		else {
			const later = (timestamp ?? 0) > (this.#headAt ?? 0);
			const passedOn =
				this.#bytes >= BUFFER_SIZE ||
				(this.#keeps && later && this.#behindHead >= LEAST_PASSED_ON);
			this.#failed = passedOn
				? this.#says(this.#status, "cut")
				: this.#says("no response", "");
		}
	}

	#says(status: string, remark: string): Verdict {
		return { status, remark, log: this.#log.lines };
	}

	verdict(end: AnswerEnd): Verdict | undefined {
		if (this.#unclear) return undefined;
		if (this.#failed) return this.#failed;
		const body = this.#body;
		if (body === undefined) return this.#endInHead(end);
		if (this.#short) return this.#says(this.#status, "cut");
		if (this.#done) return this.#says(this.#status, this.#remark(body));
		if (asksForHead(this.#request)) return undefined;
		switch (end) {
			case "timeout":
				return this.#timedOut();
			case "fin":
				return this.#keeps ? this.#closedEarly() : this.#closed(body);
			case "rst":
				// How much of what came before was read, nobody knows.
				if (this.#stdoutEnded || this.#rest === 0) return undefined;
				this.#log.add(
					`[error] readv() failed (104: Connection reset by peer) ${READING}`,
				);
				return this.#says(this.#status, "cut");
			default:
				return this.#stdoutEnded && !this.#keeps
					? this.#says(this.#status, this.#remark(body))
					: undefined;
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
		return this.#says("502", "");
	}

	#timedOut(): Verdict {
		this.#log.add(`[error] ${TIMED_OUT} ${READING}`);
		const whole = this.#keeps && this.#rest === 0 && this.#stdoutEnded;
		return this.#says(this.#status, remarkOf(!whole && "cut", AFTER_TIMEOUT));
	}

	/** With fastcgi_keep_conn, an answer ends with END_REQUEST only. */
	#closedEarly(): Verdict {
		this.#log.add(`[error] ${CLOSED} ${READING}`);
		return this.#says(this.#status, this.#rest === 0 ? "" : "cut");
	}

	/** Without, the end of the connection is as good an end. */
	#closed(body: BodyCount): Verdict {
		if (this.#stdoutEnded || this.#rest === 0) {
			return this.#says(this.#status, this.#remark(body));
		}
		return this.#says(
			this.#status,
			this.#rest === undefined ? `silent cut, ${bytesOf(body.bytes)}` : "cut",
		);
	}

	#remark(body: BodyCount): string {
		if (this.#excess) return bytesOf(body.bytes, "body ");
		return this.#late ? body.words : "";
	}
}
