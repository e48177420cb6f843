// What Apache makes of an answer (measured with mod_proxy_fcgi of 2.4, Debian 12): it looks at version and request id of each
// header, logs other types and goes on. A head that does not end becomes the body. It passes no Content-Length on.

import { FCGI_VERSION_1 } from "../fastcgi/constants.js";
import { MAX_HEAD_BYTES } from "../inspect/cgi-response.js";
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
import { ApacheHead } from "./apache-head.js";
import { BodyCount, bytesOf } from "./body-count.js";
import { behindBlankLine, HeadBytes } from "./head-bytes.js";
import type { KeptBytes } from "./kept-bytes.js";
import { escapedText, ServerLog } from "./server-log.js";

/** Apache. */
export const apache: WebServer = {
	name: "apache",
	multiplexes: false,
	create: (request, kept) => new ApacheModel(request, kept),
};

const MODULE = "[proxy_fcgi:error]";
const DISPATCHING = "AH01075: Error dispatching request to :";
const INVALID = "(22)Invalid argument";
/** `AP_IOBUFSIZE`: as much as is read of a record at a time. Of STDERR, that is a line. */
const PIECE = 8192;

class ApacheModel implements AnswerModel {
	readonly #request: FcgiRequest;
	readonly #log: ServerLog;
	readonly #head: HeadBytes;
	#parsed: ApacheHead | undefined;
	#body: BodyCount | undefined;
	/** Whether the client was told the end of the body, which is the end of STDOUT. */
	#stdoutEnded = false;
	#ended = false;
	/** Whether STDOUT ended in front of the end of the head, so that it is the body. */
	#headIsBody = false;
	#late = false;
	/** Whether it gave up, and whether before anything was sent. */
	#failed = false;
	#refused = false;
	#status = "200";
	/** Where the direction ended: at a header, or in content. */
	#cutContent = false;
	#unclear = false;

	constructor(request: FcgiRequest, kept: KeptBytes) {
		this.#request = request;
		this.#log = new ServerLog(kept);
		this.#head = new HeadBytes(MAX_HEAD_BYTES, behindBlankLine, kept);
	}

	see(record: SeenRecord): void {
		if (this.#unclear || this.#failed || this.#ended) return;
		if (record.headerBytes < 8) return;
		if (!this.#accepts(record)) return;
		if (!record.known) this.#unclear = true;
		else if (record.type === END_REQUEST) this.#ended = true;
		else {
			if (record.type === STDERR) this.#logStderr(record.content);
			else if (record.type === STDOUT) this.#takeStdout(record);
			else this.#log.add(`${MODULE} AH01072: Got bogus record ${record.type}`);
			if (record.cut) this.#cutContent = true;
		}
	}

	#accepts({ version, requestId }: SeenRecord): boolean {
		if (version !== FCGI_VERSION_1) {
			this.#fail(`AH01068: Got bogus version ${version}`);
			return false;
		}
		if (requestId === this.#request.requestId) return true;
		// Apache itself uses the id 1 only.
		if (this.#request.requestId !== 1) this.#unclear = true;
		this.#fail(`AH01069: Got bogus rid ${requestId}, expected 1`);
		return false;
	}

	/** Gives up; the client has what was sent already. */
	#fail(line: string): void {
		this.#log.add(`${MODULE} ${line}`);
		this.#log.add(`${MODULE} ${INVALID}: ${DISPATCHING}`);
		this.#failed = true;
		if (!this.#sent) this.#status = "503";
	}

	/** Whether the client got the head: it goes with the first of the body, or with the end of STDOUT. */
	get #sent(): boolean {
		return this.#stdoutEnded || (this.#body?.bytes ?? 0) > 0;
	}

	#logStderr(content: Buffer): void {
		for (let at = 0; at < content.length; at += PIECE) {
			if (this.#log.full) this.#log.add("");
			else {
				const piece = content.subarray(at, at + PIECE);
				const text = escapedText(piece, true);
				this.#log.add(`${MODULE} AH01071: Got error '${text}'`);
			}
		}
	}

	#takeStdout({ content, contentLength }: SeenRecord): void {
		if (contentLength === 0) this.#endStdout();
		else if (this.#stdoutEnded) this.#late = true;
		else if (this.#body !== undefined) this.#takeBody(this.#body, content);
		else {
			const body = this.#head.push(content);
			if (this.#head.tooLong) this.#unclear = true;
			if (body === undefined) return;
			const from = content.length - body;
			const read = Math.ceil(from / PIECE) * PIECE;
			this.#body = this.#endHead(content.subarray(from, read));
			this.#takeBody(this.#body, content.subarray(from));
		}
	}

	#takeBody(body: BodyCount, content: Buffer): void {
		if (content.length > 0 && body.bytes === 0) this.#checkNames();
		body.add(content);
	}

	/** Reads the head; `left` came with its end. */
	#endHead(left: Buffer): BodyCount {
		const head = new ApacheHead(this.#head.bytes);
		this.#parsed = head;
		const script = scriptName(this.#request);
		for (const line of head.invalidStatuses(script)) {
			this.#log.add(`${MODULE} ${line}`);
		}
		const fault = head.fault(script, left);
		this.#status = head.status ?? "500";
		if (fault !== undefined) {
			this.#log.add(`${MODULE} ${fault}`);
			this.#fail("AH01070: Error parsing script headers");
			this.#refuse();
		} else if (this.#status < "200") this.#unclear = true;
		return new BodyCount(head.fields);
	}

	/** The client gets an error in place of what came. */
	#refuse(): void {
		this.#failed = this.#refused = true;
		this.#status = "500";
	}

	/** Names are looked at when the head is sent. */
	#checkNames(): void {
		const line = this.#parsed?.badName();
		if (this.#failed || line === undefined) return;
		this.#log.add(`[http:error] ${line}, aborting request`);
		this.#log.add(
			`${MODULE} (-102)Unknown error -102: ${DISPATCHING} (passing brigade to output filters)`,
		);
		this.#refuse();
	}

	#endStdout(): void {
		if (this.#stdoutEnded) return;
		this.#stdoutEnded = true;
		if (this.#body !== undefined) this.#checkNames();
		else this.#headIsBody = this.#head.bytes.length > 0;
	}

	verdict(end: AnswerEnd): Verdict | undefined {
		if (this.#unclear) return undefined;
		if (this.#failed) return this.#says(this.#remark());
		const broken = end !== "endRequest" && !this.#ended;
		if (broken && this.#body && asksForHead(this.#request)) return undefined;
		switch (end) {
			case "endRequest":
				return this.#says(this.#remark());
			case "timeout":
				this.#log.add(
					`${MODULE} (70007)The timeout specified has expired: ${DISPATCHING} (${this.#cutContent ? READING_BODY : "polling"})`,
				);
				return this.#brokenOff("504", AFTER_TIMEOUT);
			case "left":
				return this.#ended ? this.#says(this.#remark()) : undefined;
			default:
				return this.#closed(end);
		}
	}

	#closed(end: "fin" | "rst"): Verdict {
		if (this.#ended) return this.#says(this.#remark());
		const why =
			end === "rst"
				? "(104)Connection reset by peer"
				: "(70014)End of file found";
		if (this.#cutContent) {
			this.#log.add(`${MODULE} ${why}: ${DISPATCHING} (${READING_BODY})`);
		} else {
			this.#log.add(`${MODULE} AH01067: Failed to read FastCGI header`);
			this.#log.add(`${MODULE} ${why}: ${DISPATCHING}`);
		}
		return this.#brokenOff("503", "");
	}

	/** The answer broke off: without anything sent the status tells, with something that the body has no end. */
	#brokenOff(status: string, how: string): Verdict {
		if (!this.#sent) this.#status = status;
		const body = this.#sent ? this.#remark() : "";
		return this.#says(remarkOf(body, how));
	}

	#remark(): string {
		const body = this.#body;
		if (this.#refused || (this.#failed && !this.#sent)) return "";
		if (body === undefined) {
			if (!this.#headIsBody) return "empty body";
			return isHead(this.#head.bytes)
				? "header sent as body"
				: "text passed through";
		}
		if (!this.#stdoutEnded && !this.#ended) return "cut";
		if (this.#late) return body.words;
		if (body.short) return "Content-Length dropped";
		return body.long ? bytesOf(body.bytes, "body ") : "";
	}

	#says(remark: string): Verdict {
		return { status: this.#status, remark, log: this.#log.lines };
	}
}

const READING_BODY = "reading response body";

/** Whether every line that came could be a field. */
function isHead(bytes: Buffer): boolean {
	return new ApacheHead(bytes).lines.every((line) => line.includes(":"));
}

/** The name of the script as it stands in the log: the last part of its path. */
function scriptName(request: FcgiRequest): string {
	const path =
		request.param("SCRIPT_FILENAME") ?? request.param("SCRIPT_NAME") ?? "…";
	return path.slice(path.lastIndexOf("/") + 1);
}
