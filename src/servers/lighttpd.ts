// What lighttpd makes of an answer (measured with 1.4.69): it looks at whole records only, at neither version nor request id, and
// at no more of a head than its first line, its status and its length.

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
import {
	behindEmptyLine,
	fieldValue,
	HeadBytes,
	headFields,
	headLines,
} from "./head-bytes.js";
import type { KeptBytes } from "./kept-bytes.js";
import { escapedText, ServerLog } from "./server-log.js";

/** lighttpd. */
export const lighttpd: WebServer = {
	name: "lighttpd",
	multiplexes: false,
	create: (request, kept) => new LighttpdModel(request, kept),
};

/** The longest head that it takes, measured: one byte less than 64 KiB. */
const MAX_HEAD = 65_535;

class LighttpdModel implements AnswerModel {
	readonly #request: FcgiRequest;
	readonly #log: ServerLog;
	readonly #head: HeadBytes;
	#firstLineSeen = false;
	#body: BodyCount | undefined;
	#status = "";
	/** Bytes that a body of this status may have; undefined where any. */
	#bodyless = false;
	/** Whether the body was whole with the record that ended the head: else it goes on reading. */
	#full = false;
	#stdoutEnded = false;
	#late = false;
	#ended = false;
	#failed = false;
	#unclear = false;

	constructor(request: FcgiRequest, kept: KeptBytes) {
		this.#request = request;
		this.#log = new ServerLog(kept);
		this.#head = new HeadBytes(MAX_HEAD, behindEmptyLine, kept);
	}

	see(record: SeenRecord): void {
		if (this.#unclear || this.#failed || this.#done) return;
		if (record.cut || record.headerBytes < 8) return;
		if (!record.known) this.#unclear = true;
		else if (record.type === STDOUT) this.#takeStdout(record.content);
		else if (record.type === STDERR) this.#logStderr(record.content);
		else if (record.type === END_REQUEST) this.#ended = true;
		else {
			this.#log.add(
				`(mod_fastcgi.c.458) FastCGI: header.type not handled: ${record.type}`,
			);
		}
	}

	/** Whether it has all that it asks for. */
	get #done(): boolean {
		return this.#ended || this.#full;
	}

	#takeStdout(content: Buffer): void {
		if (content.length === 0) this.#stdoutEnded = true;
		else if (this.#body !== undefined) {
			if (this.#stdoutEnded) this.#late = true;
			this.#body.add(content);
		} else {
			const body = this.#head.push(content);
			const { bytes } = this.#head;
			if (this.#head.tooLong) {
				this.#log.add(
					`(http-header-glue.c.1128) response headers too large for ${uriOf(this.#request).path}`,
				);
				this.#refuse();
			} else if (body !== undefined) {
				this.#body = this.#endHead();
				this.#body?.add(content.subarray(content.length - body));
				this.#full = this.#body?.fulfilled ?? false;
			} else if (!this.#firstLineSeen && content.includes(10)) {
				this.#firstLineSeen = true;
				if (!isFirstLine(bytes)) this.#refuse();
			}
		}
	}

	#endHead(): BodyCount | undefined {
		const { bytes } = this.#head;
		const fields = headFields(headLines(bytes));
		const given =
			fieldValue(fields, "status") ??
			/^HTTP\/\S+ (\d{3})/.exec(firstLine(bytes))?.[1];
		const status =
			given === undefined ? undefined : /^[1-9]\d\d(?![^ ])/.exec(given)?.[0];
		if (!isFirstLine(bytes) || (given !== undefined && status === undefined)) {
			this.#refuse();
			return undefined;
		}
		const redirects = fieldValue(fields, "location") !== undefined;
		this.#status = status ?? (redirects ? "302" : "200");
		if (this.#status < "200") this.#unclear = true;
		this.#bodyless =
			this.#status === "204" ||
			this.#status === "304" ||
			asksForHead(this.#request);
		return new BodyCount(fields, "first");
	}

	#refuse(): void {
		this.#failed = true;
		this.#status = "502";
	}

	#logStderr(content: Buffer): void {
		let at = 0;
		while (at < content.length) {
			const newline = content.indexOf(10, at);
			const end = newline === -1 ? content.length : newline;
			if (this.#log.full) this.#log.add("");
			else {
				const to = end > at && content[end - 1] === 13 ? end - 1 : end;
				const text = escapedText(content.subarray(at, to), false);
				this.#log.add(`(mod_fastcgi.c.449) FastCGI-stderr:${text}`);
			}
			at = end + 1;
		}
	}

	verdict(end: AnswerEnd): Verdict | undefined {
		if (this.#unclear) return undefined;
		if (this.#failed) return this.#says(this.#status, "");
		const body = this.#body;
		if (this.#done) {
			return body === undefined
				? this.#says("500", "")
				: this.#says(this.#status, this.#remark(body));
		}
		if (body !== undefined && asksForHead(this.#request)) return undefined;
		if (end === "timeout") {
			this.#log.add(
				`(gw_backend.c.2708) read timeout on socket: ${this.#socket} (fd: …)`,
			);
			// A body that it waits for in vain is thrown away with its status.
			return this.#says(body === undefined ? "504" : "404", AFTER_TIMEOUT);
		}
		if (end !== "fin" && end !== "rst") return undefined;
		return this.#closed(end, body);
	}

	#closed(end: "fin" | "rst", body: BodyCount | undefined): Verdict {
		const socket = this.#socket;
		this.#log.add(
			end === "fin"
				? `(mod_fastcgi.c.360) unexpected end-of-file (perhaps the fastcgi process died):pid: 0 socket: ${socket}`
				: "(http-header-glue.c.1341) read() … …: Connection reset by peer",
		);
		const { path, query } = uriOf(this.#request);
		const uri = `${path}?${query}`;
		if (body === undefined) {
			this.#log.add(
				`(gw_backend.c.2389) response not received, request sent: … on socket: ${socket} for ${uri}, closing connection`,
			);
			return this.#says("500", "");
		}
		this.#log.add(
			`(gw_backend.c.2396) response already sent out, but backend returned error on socket: ${socket} for ${uri}, terminating connection`,
		);
		if (this.#status >= "400") {
			return this.#says(this.#status, "its own error page");
		}
		if (body.short || body.fulfilled || this.#stdoutEnded) {
			return this.#says(this.#status, this.#remark(body));
		}
		return this.#says(this.#status, `silent cut, ${bytesOf(body.bytes)}`);
	}

	#remark(body: BodyCount): string {
		if (this.#bodyless) return "";
		if (body.short) return "cut";
		if (body.long) return bytesOf(body.announced as number, "body ");
		return remarkOf(this.#late && body.words);
	}

	/** The application's address as it stands in the log. */
	get #socket(): string {
		const { application } = this.#request.connection;
		if (application === undefined) return "…";
		return application.startsWith("/")
			? `unix:${application}`
			: `tcp:${application}`;
	}

	#says(status: string, remark: string): Verdict {
		return { status, remark, log: this.#log.lines };
	}
}

function firstLine(bytes: Buffer): string {
	const newline = bytes.indexOf(10);
	const end = newline === -1 ? bytes.length : newline;
	return bytes.toString("latin1", 0, end).replace(/\r$/, "");
}

/** Whether the first line is a field, or a status line of HTTP; a head without lines is one, too. */
function isFirstLine(bytes: Buffer): boolean {
	const line = firstLine(bytes);
	return line === "" || line.includes(":") || /^HTTP\/\S+ \d{3}/.test(line);
}

/** What was asked for, as the log has it. */
function uriOf(request: FcgiRequest): { path: string; query: string } {
	const uri =
		request.param("REQUEST_URI") ?? request.param("SCRIPT_NAME") ?? "…";
	const at = uri.indexOf("?");
	return at === -1
		? { path: uri, query: "" }
		: { path: uri.slice(0, at), query: uri.slice(at + 1) };
}
