// The bytes of a params file into parameters: a JSON object, or lines of `NAME=value`. Which of them it is, its content
// tells, never its name. Mistakes are said with the file and the line.

import { FcgiInspectError } from "../errors.js";
import { readEnvLines } from "./env-lines.js";
import { readJsonObject } from "./json-object.js";
import type { Param } from "./param.js";
import type { Refuse } from "./placed-param.js";
import { onOneLine } from "./quoted.js";

/** Bytes of the longest params file: far more than any server sends, and far less than memory. */
export const MAX_PARAMS_FILE_BYTES = 64 * 1024 * 1024;

/** How strictly a file is read. */
export interface ParamsFileOptions {
	/** Takes names that are empty and NULs, which no CGI variable has (specification, section 6.1). */
	readonly exact?: boolean;
}

/**
 * The parameters of a file, in its order, repeated names included. `name` is what messages call it. Throws
 * FcgiInspectError (usage) that begins with `NAME:LINE:`.
 */
export function readParamsFile(
	name: string,
	bytes: Buffer,
	options: ParamsFileOptions = {},
): readonly Param[] {
	refuseLongParamsFile(name, bytes.length);
	const refuse: Refuse = (line, message) => {
		throw new FcgiInspectError(
			"usage",
			onOneLine(`${name}:${line}: ${message}`),
		);
	};
	const text = textOf(bytes, refuse);
	const placed = isJson(text)
		? readJsonObject(text, refuse)
		: readEnvLines(text, refuse);
	if (options.exact !== true) {
		for (const { param, line } of placed) refuseOdd(param, line, refuse);
	}
	return placed.map(({ param }) => param);
}

/** Refuses a file by its size, before it is read. */
export function refuseLongParamsFile(name: string, length: number): void {
	if (length <= MAX_PARAMS_FILE_BYTES) return;
	throw new FcgiInspectError(
		"usage",
		`${name}:1: more than ${MAX_PARAMS_FILE_BYTES} bytes; no request has so many parameters`,
	);
}

const LF = 0x0a;

function textOf(bytes: Buffer, refuse: Refuse): string {
	const nul = bytes.indexOf(0);
	if (nul !== -1) {
		refuse(
			lineAt(bytes, nul),
			"there is a NUL byte; save the file as UTF-8, and write a NUL in JSON as \\u0000",
		);
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return refuse(lineOfBadText(bytes), "these bytes are not UTF-8");
	}
}

function lineAt(bytes: Buffer, at: number): number {
	let line = 1;
	for (let i = 0; i < at; i++) if (bytes[i] === LF) line++;
	return line;
}

/** A line feed is never part of another character, so that lines can be looked at one by one. */
function lineOfBadText(bytes: Buffer): number {
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let line = 1;
	for (let at = 0; at < bytes.length; line++) {
		const end = bytes.indexOf(LF, at);
		const stop = end === -1 ? bytes.length : end;
		try {
			decoder.decode(bytes.subarray(at, stop));
		} catch {
			break;
		}
		at = stop + 1;
	}
	return line;
}

/** No line of `NAME=value` begins as a JSON text or its comments do. */
function isJson(text: string): boolean {
	return /^\s*(?:[{["]|\/[/*])/.test(text);
}

function refuseOdd([name, value]: Param, line: number, refuse: Refuse): void {
	if (name === "") {
		refuse(line, "a parameter without a name; --exact sends it");
	}
	for (const part of [name, value]) {
		if (part.includes("\0")) {
			refuse(
				line,
				`${JSON.stringify(String(name))} has a NUL in it, and no CGI variable has one (specification, section 6.1); --exact sends it`,
			);
		}
	}
}
