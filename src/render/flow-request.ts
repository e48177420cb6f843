// What the conversation says at the steps of a request: its parameters, the head of the response, its end.

import { protocolStatusName } from "../fastcgi/constants.js";
import type { CgiResponse } from "../inspect/cgi-response.js";
import { inputStreams } from "../inspect/lifecycle.js";
import type { FcgiRequest } from "../inspect/request.js";
import { startText, streamText } from "./flow-records.js";
import { timesText } from "./flow-times.js";
import { type LineStyle, remarkLine } from "./remark.js";
import { requestLine } from "./request-line.js";
import { cut, padEnd, textWidth } from "./width.js";
import {
	bytes,
	duration,
	type Paint,
	shortName,
	statusPaint,
	visible,
} from "./words.js";

/** The request line, as curl would print it, and all parameters in the order sent. */
export function paramsLines(request: FcgiRequest, style: LineStyle): string[] {
	const { parameters, parametersDamaged } = request;
	const { colors } = style;
	const lines: string[] = [];
	if (parameters.length > 0) {
		const asks = requestLine(request) ?? "PARAMS";
		lines.push(marked(">", asks, style, colors.strong));
		const pairs = parameters.map(
			({ name, value, latin1 }) =>
				[name, value, latin1 ? " (latin1)" : ""] as const,
		);
		addPairLines(lines, ">", pairs, style);
	} else if (request.beginSeen) {
		lines.push(marked(">", "no parameters", style, colors.warning));
	}
	if (parametersDamaged !== undefined) {
		const words = DAMAGE[parametersDamaged];
		lines.push(remarkLine(`PARAMS: ${words}`, "warning", style));
	}
	return lines;
}

const DAMAGE = {
	missing: "not all of its bytes are in the input, so parameters are missing",
	malformed: "it ends inside a name-value pair (section 3.4)",
	"too-long": "longer than what is kept, so parameters are missing",
} as const;

/** Status and header fields of the response; what an Authorizer passes on. */
export function responseLines(
	request: FcgiRequest,
	style: LineStyle,
): string[] {
	const { response } = request;
	if (response === undefined) return [];
	const { headers, variables, badLines } = response;
	const lines = [statusLine(request, response, style)];
	const plain =
		variables.length === 0
			? headers
			: headers.filter(([name]) => !VARIABLE.test(name));
	addPairLines(lines, "<", plain, style);
	for (const line of badLines) {
		const text = `  ? ${visible(line)}`;
		lines.push(marked("<", text, style, style.colors.warning));
	}
	if (variables.length > 0) {
		lines.push(marked("<", "variables for the request:", style));
		addPairLines(lines, "<", variables, style);
	}
	return lines;
}

/** Headers that an Authorizer passes on as variables (section 6.3). */
const VARIABLE = /^variable-/i;
const AUTHORIZER = 2;

/** What a web server says where the application sent a status without a reason, or none (RFC 3875, section 6.3). */
const REASONS: Readonly<Record<number, string>> = { 200: "OK", 302: "Found" };

function statusLine(
	request: FcgiRequest,
	response: CgiResponse,
	style: LineStyle,
): string {
	const { colors } = style;
	const { status } = response;
	if (status === undefined) {
		return marked("<", "Status: is not a number", style, colors.error);
	}
	const reason = visible(response.reason) || REASONS[status] || "";
	const verdict =
		request.role === AUTHORIZER
			? status === 200
				? " (access granted)"
				: " (access denied)"
			: "";
	const paint = statusPaint(status, colors);
	return marked("<", `${status} ${reason}`.trimEnd() + verdict, style, paint);
}

/** Body, END_REQUEST, times, and what is wrong with how it ended. */
export function endLines(request: FcgiRequest, style: LineStyle): string[] {
	const lines: string[] = [];
	const body = bodyText(request);
	if (body !== undefined) lines.push(marked("<", body, style));
	const ended = endRequestText(request);
	if (ended !== undefined) {
		const good = request.protocolStatus === 0 && request.appStatus === 0;
		lines.push(
			marked("<", ended, style, good ? undefined : style.colors.warning),
		);
	}
	const notEnded = notEndedText(request);
	if (notEnded !== undefined) {
		lines.push(remarkLine(notEnded, "warning", style));
	}
	const times = timesText(request);
	if (times !== undefined) lines.push(remarkLine(times, "dim", style));
	const state = stateText(request);
	if (state !== undefined) lines.push(remarkLine(state, "error", style));
	const gone = goneText(request);
	if (gone !== undefined) lines.push(remarkLine(gone, "warning", style));
	if (request.bytesMissing) lines.push(remarkLine(MISSING, "warning", style));
	else if (request.damaged) lines.push(remarkLine(SKIPPED, "warning", style));
	return lines;
}

const MISSING =
	"bytes of its connection are missing from when it was open: records of it may be among them, and counts too small";
const SKIPPED =
	"bytes that are no records came on its connection while it was open: counts may be too small";

function bodyText(request: FcgiRequest): string | undefined {
	const { stdout, response, state } = request;
	const missing =
		stdout.missing > 0 ? `, ${bytes(stdout.missing)} missing` : "";
	if (stdout.records === 0) {
		if (state === "rejected") return undefined;
		return stdout.ended ? "STDOUT  empty" : "no STDOUT";
	}
	if (response === undefined) {
		return `STDOUT  ${streamText(stdout.bytes, stdout.records)}${missing}, no whole header block`;
	}
	const size = Math.max(stdout.bytes - response.headBytes, 0);
	if (size === 0 && stdout.missing === 0) return "body  empty";
	return `body  ${streamText(size, stdout.records)}${missing}${startText(request.bodyStart, size)}`;
}

function endRequestText(request: FcgiRequest): string | undefined {
	const { appStatus, protocolStatus } = request;
	if (protocolStatus === undefined) {
		return request.state === "complete"
			? "END_REQUEST without a body"
			: undefined;
	}
	return `END_REQUEST  ${shortName(protocolStatusName(protocolStatus))}  appStatus ${appStatus ?? "-"}`;
}

/** Input streams whose end was not seen (section 6.1); of a request that was refused, that is no wonder. */
function notEndedText(request: FcgiRequest): string | undefined {
	if (!request.beginSeen || request.state === "rejected") return undefined;
	const open = inputStreams(request.role).filter(
		(name) => !request[name].ended,
	);
	if (open.length === 0) return undefined;
	const list = open.map((name) => {
		const { bytes: size, records } = request[name];
		return `${name.toUpperCase()} (${streamText(size, records)})`;
	});
	return request.damaged
		? `the end of ${list.join(" and of ")} is not in the input`
		: `not ended by the web server: ${list.join(", ")}`;
}

function stateText(request: FcgiRequest): string | undefined {
	switch (request.state) {
		case "rejected":
			return `rejected: ${REJECTIONS[request.protocolStatus ?? 0] ?? "a protocol status that the specification does not define"}`;
		case "aborted":
			return request.protocolStatus === undefined
				? "aborted by the web server; no END_REQUEST followed"
				: "aborted by the web server";
		case "incomplete":
			return `incomplete: no END_REQUEST${lossText(request)}`;
		default:
			return undefined;
	}
}

/** That nobody was there any more to read the answer. */
function goneText(request: FcgiRequest): string | undefined {
	const { closedBy, closedAt, startedAt, state } = request;
	if (closedBy !== "webServer" || state !== "complete") return undefined;
	const after =
		closedAt === undefined || startedAt === undefined
			? ""
			: ` after ${duration(closedAt - startedAt)}`;
	return `the web server had closed the connection${after}, before END_REQUEST came`;
}

function lossText(request: FcgiRequest): string {
	if (request.bytesMissing) {
		return " was seen; it may be among the missing bytes";
	}
	if (request.damaged) return ": what came was no record";
	const answered = request.stdout.records > 0 || request.stderr.records > 0;
	if (request.closedBy === undefined) {
		return answered
			? ", the answer was under way when the input ended"
			: ", the application had not answered when the input ended";
	}
	return answered
		? ", the answer breaks off"
		: ", the application had not answered";
}

/** What the application says by each protocol status (section 5.5). */
const REJECTIONS: Readonly<Record<number, string>> = {
	1: "the application takes one request at a time on a connection",
	2: "the application is out of some resource, such as database connections",
	3: "the application does not know this role",
};

/** Columns of names at most, so that one long name does not push all values off the screen. */
const NAME_COLUMNS = 28;

function addPairLines(
	lines: string[],
	mark: ">" | "<",
	pairs: readonly (readonly [name: string, value: string, remark?: string])[],
	style: LineStyle,
): void {
	const { colors, columns } = style;
	const paint = mark === ">" ? colors.toApplication : colors.fromApplication;
	const room = columns === undefined ? undefined : Math.max(columns - 6, 8);
	const nameRoom = room === undefined ? undefined : room - 8;
	let nameColumns = 0;
	for (const [name] of pairs) {
		nameColumns = Math.max(nameColumns, textWidth(visible(name)));
	}
	nameColumns = Math.min(nameColumns, NAME_COLUMNS);
	for (const [name, value, remark = ""] of pairs) {
		const padded = padEnd(cut(visible(name), nameRoom), nameColumns);
		const valueRoom = room === undefined ? undefined : room - textWidth(padded);
		const shown =
			value === ""
				? colors.dim("(empty)")
				: cut(visible(value) + remark, valueRoom);
		lines.push(`${paint(mark)}   ${padded}  ${shown}`);
	}
}

function marked(
	mark: ">" | "<",
	text: string,
	style: LineStyle,
	paint?: Paint,
): string {
	const { colors, columns } = style;
	const markPaint =
		mark === ">" ? colors.toApplication : colors.fromApplication;
	const shown = cut(text, columns === undefined ? undefined : columns - 2);
	return `${markPaint(mark)} ${paint?.(shown) ?? shown}`;
}
