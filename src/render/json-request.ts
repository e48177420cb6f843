// A request as the JSON object of the machine formats. What is not known is absent, not null.

import { protocolStatusName, roleName } from "../fastcgi/constants.js";
import type { CgiResponse } from "../inspect/cgi-response.js";
import type {
	FcgiRequest,
	ServerAnswer,
	StreamState,
} from "../inspect/request.js";
import type { Software } from "../inspect/software.js";
import { paramsFields } from "./json-params.js";
import {
	findingsJson,
	millisecondsField,
	quote,
	timeField,
} from "./json-text.js";

/**
 * The object, without a line end. Its `kind` is `request`, or `fragment` where the BEGIN_REQUEST is not in the input, so
 * that counting requests counts BEGIN_REQUESTs.
 */
export function requestJson(request: FcgiRequest): string {
	const { connection, role, flags, response, protocolStatus } = request;
	return (
		`{"kind":"${request.beginSeen ? "request" : "fragment"}","number":${request.number},"connection":${connection.number}` +
		(connection.webServer === undefined
			? ""
			: `,"webServer":${quote(connection.webServer)}`) +
		(connection.application === undefined
			? ""
			: `,"application":${quote(connection.application)}`) +
		`,"requestId":${request.requestId}` +
		(role === undefined
			? ""
			: `,"role":${role},"roleName":"${roleName(role)}"`) +
		(flags === undefined
			? ""
			: `,"flags":${flags},"keepConn":${(flags & 1) === 1}`) +
		paramsFields(request) +
		streamField("stdin", request.stdin) +
		streamField("data", request.data) +
		streamField("stdout", request.stdout) +
		stderrField(request) +
		(response === undefined
			? ""
			: responseField(response, request.stdout.bytes)) +
		(request.appStatus === undefined
			? ""
			: `,"appStatus":${request.appStatus}`) +
		(protocolStatus === undefined
			? ""
			: `,"protocolStatus":${protocolStatus},"protocolStatusName":"${protocolStatusName(protocolStatus)}"`) +
		`,"state":"${request.state}"${closedFields(request)}${request.damaged ? ',"damaged":true' : ""},"records":${request.records}` +
		timeField("startedAt", request.startedAt) +
		timeField("firstByteAt", request.firstByteAt) +
		timeField("endedAt", request.endedAt) +
		millisecondsField(
			"timeToFirstByteMs",
			request.startedAt,
			request.firstByteAt,
		) +
		millisecondsField("durationMs", request.startedAt, request.endedAt) +
		timingField(request) +
		softwareField("webServerSoftware", request.webServerSoftware) +
		softwareField("applicationSoftware", request.applicationSoftware) +
		(request.serverAnswer === undefined
			? ""
			: serverAnswerField(request.serverAnswer)) +
		`,"findings":${findingsJson(request.findings)}}`
	);
}

function closedFields({ closedBy, closing, closedAt }: FcgiRequest): string {
	return closedBy === undefined || closing === undefined
		? ""
		: `,"closedBy":"${closedBy}","closing":"${closing}"${timeField("closedAt", closedAt)}`;
}

function streamField(name: string, stream: StreamState): string {
	return `,"${name}":{"bytes":${stream.bytes},"records":${stream.records},"ended":${stream.ended}${missingField(stream)}}`;
}

/** Content bytes that records announced and that the input does not have. */
function missingField({ missing }: StreamState): string {
	return missing > 0 ? `,"missing":${missing}` : "";
}

function stderrField(request: FcgiRequest): string {
	const { stderr, stderrText, stderrOmitted } = request;
	return (
		`,"stderr":{"bytes":${stderr.bytes},"records":${stderr.records},"ended":${stderr.ended},"text":${quote(stderrText)}` +
		(stderrOmitted > 0 ? `,"omitted":${stderrOmitted}` : "") +
		missingField(stderr) +
		"}"
	);
}

function responseField(response: CgiResponse, stdoutBytes: number): string {
	let headers = "";
	for (const [name, value] of response.headers) {
		headers += `${headers === "" ? "" : ","}[${quote(name)},${quote(value)}]`;
	}
	return (
		`,"response":{` +
		(response.status === undefined ? "" : `"status":${response.status},`) +
		`"headers":[${headers}],"bodyBytes":${Math.max(stdoutBytes - response.headBytes, 0)}}`
	);
}

/** The times between its steps, in milliseconds, and how the answer came. */
function timingField(request: FcgiRequest): string {
	const { connection, startedAt, inputEndedAt, firstByteAt, endedAt } = request;
	if (startedAt === undefined) return "";
	const openedAt = request.onConnection === 1 ? connection.openedAt : undefined;
	const answeredEarly = (firstByteAt ?? 0) < (inputEndedAt ?? 0);
	const fields = [
		millisecondsField("connectMs", openedAt, startedAt),
		millisecondsField("inputMs", startedAt, inputEndedAt),
		answeredEarly
			? ""
			: millisecondsField("scriptMs", inputEndedAt, firstByteAt),
		millisecondsField("transferMs", firstByteAt, endedAt),
		millisecondsField("idleBeforeMs", 0, request.idleBefore),
		millisecondsField("longestGapMs", 0, request.longestGap),
		request.bursts === 0 ? "" : `,"bursts":${request.bursts}`,
	].join("");
	return fields === "" ? "" : `,"timing":{${fields.slice(1)}}`;
}

/** What was written of software: requests by the thousand share one guess. */
const softwareTexts = new WeakMap<Software, string>();

function softwareField(name: string, software: Software | undefined): string {
	if (software === undefined) return "";
	let text = softwareTexts.get(software);
	if (text === undefined) {
		const { version, because } = software;
		text =
			`{"name":"${software.name}"` +
			(version === undefined ? "" : `,"version":${quote(version)}`) +
			`,"because":${quote(because)}}`;
		softwareTexts.set(software, text);
	}
	return `,"${name}":${text}`;
}

function serverAnswerField(answer: ServerAnswer): string {
	const { server, status, remark, log } = answer;
	return (
		`,"as":{"server":${quote(server)},"status":${quote(status)}` +
		(remark === "" ? "" : `,"remark":${quote(remark)}`) +
		`,"log":[${log.map(quote).join(",")}]}`
	);
}
