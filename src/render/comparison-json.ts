// Comparisons for programs: an object for each replayed request, as one array or one on a line, and what came of all.

import type { Comparison, Difference, Outcome } from "../inspect/comparison.js";
import { quote } from "./json-text.js";

/** The object of one comparison, without a line end. What is not known is absent, not null. */
export function comparisonJson(comparison: Comparison): string {
	const { request, method, uri, outcome, reason } = comparison;
	const { recorded, replayed, differences } = comparison;
	return (
		`{"kind":"comparison","request":${request}` +
		textField("method", method) +
		textField("uri", uri) +
		`,"outcome":"${outcome}"` +
		textField("reason", reason) +
		`,"recorded":${factsJson(recorded)}` +
		(replayed === undefined ? "" : `,"replayed":${factsJson(replayed)}`) +
		`,"differences":[${differences.map(differenceJson).join(",")}]}`
	);
}

/** The object of all of a replay. */
export function replaySummaryJson(
	counts: Readonly<Record<Outcome, number>>,
	notSent: number,
): string {
	return JSON.stringify({ kind: "replaySummary", ...counts, notSent });
}

function factsJson({ status, seconds }: Comparison["recorded"]): string {
	const ms =
		seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1e3;
	return JSON.stringify({ status, durationMs: ms });
}

function differenceJson(difference: Difference): string {
	const { kind, ...fields } = difference;
	const parts = Object.entries(fields).flatMap(([name, value]) => {
		if (value === undefined) return [];
		if (Buffer.isBuffer(value)) return [`"${name}":${bytesJson(value)}`];
		const text = typeof value === "string" ? quote(value) : `${value}`;
		return [`"${name}":${text}`];
	});
	return `{${[`"kind":"${kind}"`, ...parts].join(",")}}`;
}

/** As the content of records: text where the bytes are UTF-8. */
function bytesJson(bytes: Buffer): string {
	const text = bytes.toString("utf8");
	return Buffer.from(text, "utf8").equals(bytes)
		? `{"text":${quote(text)}}`
		: `{"base64":"${bytes.toString("base64")}"}`;
}

function textField(name: string, text: string | undefined): string {
	return text === undefined ? "" : `,"${name}":${quote(text)}`;
}
