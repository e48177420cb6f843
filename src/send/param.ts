// A parameter of FCGI_PARAMS as it is to be sent, and lists of them into bytes (specification, sections 3.4 and 6.1).
// What a parameter means is the business of those who make it.

import { FcgiInspectError } from "../errors.js";
import { encodeNameValue } from "../fastcgi/name-values.js";
import { quoted } from "./quoted.js";

/** A name and a value. Text stands for its UTF-8 bytes; a Buffer, for itself. */
export type Param = readonly [name: string | Buffer, value: string | Buffer];

/** What made parameters, and what a person should be told about it. */
export interface ParamsMade {
	/** In the order in which they are to be sent. */
	readonly params: readonly Param[];
	/** One line each: what was asked for and is not sent, or is sent in another way. Empty mostly. */
	readonly remarks: readonly string[];
}

/** Bytes of the longest name or value: what four length bytes can say (section 3.4). */
const MAX_PARAM_BYTES = 0x7fffffff;

/** Each parameter as the bytes of its pair. One that is too long for its length is a FcgiInspectError. */
export function encodeParams(params: readonly Param[]): readonly Buffer[] {
	return params.map(([name, value]) => {
		for (const part of [name, value]) {
			if (Buffer.byteLength(part) > MAX_PARAM_BYTES) {
				throw new FcgiInspectError(
					"usage",
					`a parameter of ${Buffer.byteLength(part)} bytes; a name or value has at most ${MAX_PARAM_BYTES}`,
				);
			}
		}
		return encodeNameValue(name, value);
	});
}

/** Bytes of a parameter's pair, its lengths included (section 3.4). */
export function pairLength(param: Param): number {
	return param.reduce((sum, part) => {
		const length = Buffer.byteLength(part);
		return sum + length + (length > 127 ? 4 : 1);
	}, 0);
}

/** A name as text, to compare it with others. */
export function nameOf([name]: Param): string {
	return typeof name === "string" ? name : name.toString("utf8");
}

/** The value of the last parameter of a name, which is the one that applications take. */
export function lastValueOf(
	params: readonly Param[],
	name: string,
): string | undefined {
	const value = params.findLast((param) => nameOf(param) === name)?.[1];
	return typeof value === "string" ? value : value?.toString("utf8");
}

/**
 * A list with others put into it: one that is there gets its new values at its first place, a new one stands at the end.
 * So a name that is set twice is sent twice.
 */
export function withParams(
	params: readonly Param[],
	others: readonly Param[],
): readonly Param[] {
	if (others.length === 0) return params;
	if (params.length === 0) return others;
	const left = new Map<string, Param[]>();
	for (const other of others) {
		const name = nameOf(other);
		const same = left.get(name);
		if (same === undefined) left.set(name, [other]);
		else same.push(other);
	}
	const result: Param[] = [];
	const there = new Set<string>();
	for (const param of params) {
		const name = nameOf(param);
		const values = left.get(name);
		if (values === undefined) result.push(param);
		else if (!there.has(name)) result.push(...values);
		there.add(name);
	}
	for (const other of others) if (!there.has(nameOf(other))) result.push(other);
	return result;
}

/** A list without some names. */
export function withoutParams(
	params: readonly Param[],
	names: readonly string[],
): readonly Param[] {
	if (names.length === 0) return params;
	const unset = new Set(names);
	return params.filter((param) => !unset.has(nameOf(param)));
}

/** `NAME=VALUE` of the command line; the value may be empty and may have more equals signs. Throws FcgiInspectError. */
export function paramOf(text: string): Param {
	const equals = text.indexOf("=");
	if (equals < 1) {
		throw new FcgiInspectError(
			"usage",
			`${quoted(text)} is no parameter: NAME=VALUE, or NAME= for an empty one`,
		);
	}
	return [text.slice(0, equals), text.slice(equals + 1)];
}
