// A body whose length is not announced (RFC 3875, section 4.1.2).

import type { RecordCheck, Remedies } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { announcedLength } from "../content-length.js";
import { counted, quoted } from "../words.js";
import { hasBody } from "./has-body.js";

/** There is a body, and CONTENT_LENGTH does not say how long it is. */
export const contentLengthMissing: RecordCheck = {
	code: "content-length-missing",
	severity: "error",
	section: "RFC 3875 4.1.2",
	summary: "There is a body whose length CONTENT_LENGTH does not say",
	diagnosis:
		"Without CONTENT_LENGTH php reads no body at all; with -1 it waits for one that never ends. The client sent the body in chunks, and the web server passed it on as it came; or the web server's list of parameters lacks CONTENT_LENGTH",
	remedies: {
		nginx:
			"fastcgi_request_buffering on for bodies in chunks; include fastcgi_params in this very location where CONTENT_LENGTH is not among the parameters",
		Apache: "SetEnvIf Transfer-Encoding chunked proxy-sendcl=1",
		Caddy: "request_buffers in the reverse_proxy block",
		any: "collect a body that comes in chunks before it is passed on, and send CONTENT_LENGTH with its length",
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
		],
	},
	example:
		"there is no CONTENT_LENGTH, and STDIN begins with a record of 4 bytes",
	on: "record",
	kinds: ["stdin", "stdout"],
	look({ record, request, unexpected, streamOffset }, { application }) {
		if (streamOffset > 0 || record.contentLength === 0) return undefined;
		if (unexpected !== undefined || request?.role !== RESPONDER) {
			return undefined;
		}
		const { stdin, stdout } = request;
		// An answer in front of the body tells only of one that is sure to come.
		const early = record.kind === "stdout";
		if (early && (stdin.ended || stdin.bytes > 0)) return undefined;
		if (announcedLength(request) !== undefined || !hasBody(request)) {
			return undefined;
		}
		// Stars are what a redactor leaves: what they stand for is not known.
		if (/^\*+$/.test(request.param("CONTENT_LENGTH") ?? "")) return undefined;
		const chunked = comesInChunks(request);
		if (early ? !chunked : chunked && stdout.records > 0) return undefined;
		// Where none of CGI's variables is there, that is the better word.
		if (
			request.param("REQUEST_METHOD") === undefined &&
			application.software?.name === "php"
		) {
			return undefined;
		}
		const begins = early
			? "the answer begins in front of the body"
			: `STDIN begins with a record of ${counted(record.contentLength, "byte")}`;
		const message = `${lengthSaid(request)}, and ${begins}`;
		return chunked
			? { message: `${message}${encodingSaid(request)}`, remedies: FOR_CHUNKS }
			: { message: `${message}${fieldSaid(request)}`, remedies: FOR_THE_LIST };
	},
};

/** Number of FCGI_RESPONDER. */
const RESPONDER = 1;

const FOR_CHUNKS: Remedies = {
	nginx: "fastcgi_request_buffering on",
	Apache: "SetEnvIf Transfer-Encoding chunked proxy-sendcl=1",
	Caddy: "request_buffers in the reverse_proxy block",
	any: "collect the body before it is passed on, and announce its length",
};

const FOR_THE_LIST: Remedies = {
	nginx:
		"include fastcgi_params, or fastcgi.conf, in this very location: one with a fastcgi_param of its own inherits none",
	any: "send CONTENT_LENGTH with the length of the body",
};

/** Whether the HTTP client sent the body in chunks, or nothing else explains what CONTENT_LENGTH says. */
function comesInChunks(request: FcgiRequest): boolean {
	const encoding = request.param("HTTP_TRANSFER_ENCODING");
	if (encoding !== undefined) return /\bchunked\b/i.test(encoding);
	return request.param("CONTENT_LENGTH") === "-1";
}

function lengthSaid(request: FcgiRequest): string {
	const text = request.param("CONTENT_LENGTH");
	if (text === undefined) return "there is no CONTENT_LENGTH";
	return text === ""
		? "CONTENT_LENGTH is empty"
		: `CONTENT_LENGTH is ${quoted(text)}, which is no length`;
}

function encodingSaid(request: FcgiRequest): string {
	const encoding = request.param("HTTP_TRANSFER_ENCODING");
	return encoding === undefined
		? ""
		: `; HTTP_TRANSFER_ENCODING is ${quoted(encoding)}`;
}

/** The length that came as a header field of HTTP only. */
function fieldSaid(request: FcgiRequest): string {
	const field = request.param("HTTP_CONTENT_LENGTH");
	return field === undefined
		? ""
		: `; HTTP_CONTENT_LENGTH is ${quoted(field)}: the length was known, and CONTENT_LENGTH was not sent`;
}
