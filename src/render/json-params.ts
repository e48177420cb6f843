// The parameters of a request in JSON: an object in the order sent, and beside it what an object cannot say.

import type { FcgiRequest, Param } from "../inspect/request.js";
import { isPlain, quote } from "./json-text.js";

/** `,"params":{...}` and the fields that go with it. */
export function paramsFields(request: FcgiRequest): string {
	const { parameters } = request;
	const { hasRepeatedNames: repeated } = request;
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
