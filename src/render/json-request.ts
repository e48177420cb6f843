// A request as the JSON object of the machine formats. What is not known is absent, not null.

import { protocolStatusName, roleName } from "../fastcgi/constants.js";
import type { CgiResponse } from "../inspect/cgi-response.js";
import type { FcgiRequest, Param, StreamState } from "../inspect/request.js";
import {
	findingsJson,
	isPlain,
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

function paramsFields(request: FcgiRequest): string {
	const { parameters } = request;
	const repeated = mayRepeatName(parameters) && hasRepeatedName(parameters);
	const latin1 = parameters.some((param) => param.latin1);
	return (
		`,"params":{${repeated ? lastValues(parameters) : allValues(parameters)}}` +
		(repeated ? `,"duplicateParams":[${earlierValues(parameters)}]` : "") +
		(latin1 ? `,"latin1Params":[${latin1Names(parameters)}]` : "") +
		(request.parametersDamaged === undefined
			? ""
			: `,"paramsDamaged":"${request.parametersDamaged}"`) +
		`,"paramsBytes":${request.params.bytes},"paramsEnded":${request.params.ended}`
	);
}

function allValues(parameters: readonly Param[]): string {
	if (parameters.length === 0) return "";
	const texts: string[] = [];
	for (const { name, value } of parameters) texts.push(name, value);
	if (!isPlain(texts.join(""))) {
		return parameters
			.map(({ name, value }) => `${quote(name)}:${quote(value)}`)
			.join(",");
	}
	const fields: string[] = [];
	for (const { name, value } of parameters) {
		fields.push(fields.length === 0 ? '"' : '","', name, '":"', value);
	}
	return `${fields.join("")}"`;
}

/** Marks of names by a number made of three of their characters: 4,096 of them, so that twenty names rarely meet. */
const marks = new Uint32Array(4096);
let round = 0;

/** False if no name is repeated; that can be told from the marks without a Set, which takes ten times as long. */
function mayRepeatName(parameters: readonly Param[]): boolean {
	round = round === 0xffffffff ? 1 : round + 1;
	if (round === 1) marks.fill(0);
	for (const { name } of parameters) {
		const { length } = name;
		const mark =
			(length * 1021 +
				name.charCodeAt(0) * 31 +
				name.charCodeAt(length >> 1) * 257 +
				name.charCodeAt(length - 2) * 67) &
			4095;
		if (marks[mark] === round) return true;
		marks[mark] = round;
	}
	return false;
}

function hasRepeatedName(parameters: readonly Param[]): boolean {
	const names = new Set<string>();
	for (const param of parameters) names.add(param.name);
	return names.size !== parameters.length;
}

function lastValues(parameters: readonly Param[]): string {
	const values = new Map<string, string>();
	for (const { name, value } of parameters) values.set(name, value);
	return Array.from(
		values,
		([name, value]) => `${quote(name)}:${quote(value)}`,
	).join(",");
}

function earlierValues(parameters: readonly Param[]): string {
	const last = new Map<string, Param>();
	for (const param of parameters) last.set(param.name, param);
	return parameters
		.filter((param) => last.get(param.name) !== param)
		.map(({ name, value }) => `[${quote(name)},${quote(value)}]`)
		.join(",");
}

function latin1Names(parameters: readonly Param[]): string {
	const names = new Set<string>();
	for (const { name, latin1 } of parameters) if (latin1) names.add(name);
	return Array.from(names, quote).join(",");
}
