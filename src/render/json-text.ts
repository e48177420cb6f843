// Values as JSON text, written by hand where that is faster than building objects for JSON.stringify. Strings keep to
// RFC 8259 and have, beyond it, no character that a terminal would act on.

import { decodeText } from "../fastcgi/text.js";
import type { Finding } from "../inspect/finding.js";

/** A string as JSON: controls, DEL, bidirectional marks, U+2028 and their like as `\u` escapes. */
export function quote(text: string): string {
	return isPlain(text) ? `"${text}"` : quoteAny(text);
}

/** Whether a text is ASCII that stands in JSON as it is. Asked once of many short texts together, it is a lot cheaper. */
export function isPlain(text: string): boolean {
	return !NOT_PLAIN.test(text);
}

/** Anything but printable ASCII without the quotation mark and the backslash. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

// JSON.stringify has escaped C0 and lone surrogates by itself.
const STILL_UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const ALL_UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function quoteAny(text: string): string {
	const quoted = JSON.stringify(text);
	return STILL_UNFIT.test(quoted)
		? quoted.replace(ALL_UNFIT, unicodeEscapes)
		: quoted;
}

function unicodeEscapes(character: string): string {
	let escapes = "";
	for (let i = 0; i < character.length; i++) {
		escapes += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
	}
	return escapes;
}

/** Bytes as an object: their text where they are UTF-8, else in base64. */
export function contentJson(bytes: Buffer): string {
	const { text, latin1 } = decodeText(bytes);
	return latin1
		? `{"base64":"${bytes.toString("base64")}"}`
		: `{"text":${quote(text)}}`;
}

/** A field of Unix seconds, with at most six decimals; empty where the time is not known. */
export function timeField(name: string, time: number | undefined): string {
	if (time === undefined) return "";
	const rounded = Math.round(time * 1e6) / 1e6;
	return Number.isFinite(rounded) ? `,"${name}":${rounded}` : "";
}

/** A field of milliseconds between two times in seconds, with at most three decimals; empty where one is not known. */
export function millisecondsField(
	name: string,
	from: number | undefined,
	to: number | undefined,
): string {
	if (from === undefined || to === undefined) return "";
	const rounded = Math.round((to - from) * 1e6) / 1e3;
	return Number.isFinite(rounded) ? `,"${name}":${rounded}` : "";
}

/** The findings of a record or request as an array. */
export function findingsJson(findings: readonly Finding[]): string {
	if (findings.length === 0) return "[]";
	return `[${findings.map(findingJson).join(",")}]`;
}

/** A finding as an object of its own. */
export function looseFindingJson(finding: Finding): string {
	return `{"kind":"finding",${findingJson(finding).slice(1)}`;
}

function findingJson(finding: Finding): string {
	return (
		`{"code":${quote(finding.code)},"severity":"${finding.severity}"` +
		(finding.section === undefined
			? ""
			: `,"section":${quote(finding.section)}`) +
		(finding.detail ? ',"detail":true' : "") +
		`,"message":${quote(finding.message)},"diagnosis":${quote(finding.diagnosis)},"remedies":[${finding.remedies.map(quote).join(",")}]` +
		(finding.record === undefined ? "" : `,"record":${finding.record}`) +
		(finding.request === undefined ? "" : `,"request":${finding.request}`) +
		`,"connection":${finding.connection}` +
		(finding.count > 1 ? `,"count":${finding.count}` : "") +
		"}"
	);
}
