// The counts at the end of a run, as a sentence for people and as the last line of ndjson.

import { recordTypeName } from "../fastcgi/constants.js";
import type { Severity } from "../inspect/finding.js";
import { quote } from "./json-text.js";
import { smallTable } from "./small-table.js";
import { count, visible } from "./words.js";

/** How often a record type was seen. */
export interface TypeCount {
	readonly type: number;
	readonly records: number;
	readonly contentBytes: number;
}

/** What a run has seen. */
export interface Summary {
	/** FastCGI connections. */
	readonly connections: number;
	/** Requests whose BEGIN_REQUEST was seen. */
	readonly requests: number;
	/** Requests that are known in part, without their BEGIN_REQUEST. */
	readonly fragments: number;
	readonly records: number;
	/** Records and their content bytes by type, in the order of type numbers; only types that were seen. */
	readonly types: readonly TypeCount[];
	/** Bytes of FastCGI connections, both directions. */
	readonly bytes: number;
	readonly findings: Readonly<Record<Severity, number>>;
	/** Bytes that are there and that no record was made of. */
	readonly skippedBytes: number;
	/** Bytes that were sent and that the input does not have. */
	readonly missingBytes: number;
	/** Whether the input ends in the middle of something. */
	readonly truncated: boolean;
	/** Connections that carry no FastCGI. */
	readonly otherConnections: number;
	/** Requests that are still open, where that can be more than none. */
	readonly open?: number;
	/** The form of the input, such as `pcap`. */
	readonly format?: string;
	/** What a person should know of the input. */
	readonly remarks?: readonly string[];
}

/** Nothing seen. */
export const NO_SUMMARY: Summary = {
	connections: 0,
	requests: 0,
	fragments: 0,
	records: 0,
	types: [],
	bytes: 0,
	findings: { error: 0, warning: 0, note: 0 },
	skippedBytes: 0,
	missingBytes: 0,
	truncated: false,
	otherConnections: 0,
};

/** The sentence, without a line end: `12 requests, 96 records on 3 connections; 2 findings; 0 open`. */
export function formatSummary(summary: Summary): string {
	const { error, warning, note } = summary.findings;
	const fragments =
		summary.fragments > 0
			? `${count(summary.fragments, "fragment of a request", "fragments of requests")}, `
			: "";
	const parts = [
		`${count(summary.requests, "request")}, ${fragments}${count(summary.records, "record")} on ${count(summary.connections, "connection")}`,
	];
	const findings = error + warning + note;
	if (findings > 0) {
		const bySeverity = [
			error > 0 ? count(error, "error") : "",
			warning > 0 ? count(warning, "warning") : "",
			note > 0 ? count(note, "note") : "",
		].filter((text) => text !== "");
		parts.push(`${count(findings, "finding")} (${bySeverity.join(", ")})`);
	}
	if (summary.open !== undefined) parts.push(`${summary.open} open`);
	if (summary.skippedBytes > 0) {
		parts.push(`${count(summary.skippedBytes, "byte")} skipped`);
	}
	if (summary.missingBytes > 0) {
		parts.push(`${count(summary.missingBytes, "byte")} missing`);
	}
	if (summary.truncated) parts.push("the input is cut off");
	if (summary.otherConnections > 0) {
		parts.push(
			`${count(summary.otherConnections, "other connection")} without FastCGI`,
		);
	}
	if (summary.format) parts.push(`read as ${summary.format}`);
	for (const remark of summary.remarks ?? []) parts.push(visible(remark));
	return parts.join("; ");
}

/** The records by type, as a table without its last line end. */
export function formatTypes(types: readonly TypeCount[]): string {
	return smallTable(
		[
			{ head: "type", align: "left" },
			{ head: "records", align: "right" },
			{ head: "content bytes", align: "right" },
		],
		types.map(({ type, records, contentBytes }) => [
			recordTypeName(type),
			String(records),
			String(contentBytes),
		]),
	);
}

/** The last object of ndjson, without a line end. What there is none of beyond the fixed fields is left out. */
export function summaryJson(summary: Summary): string {
	const { error, warning, note } = summary.findings;
	return (
		`{"kind":"summary","connections":${summary.connections},"requests":${summary.requests}` +
		(summary.fragments > 0 ? `,"fragments":${summary.fragments}` : "") +
		`,"records":${summary.records},"bytes":${summary.bytes},"findings":{"error":${error},"warning":${warning},"note":${note}}` +
		`,"skippedBytes":${summary.skippedBytes},"missingBytes":${summary.missingBytes},"truncated":${summary.truncated}` +
		`,"otherConnections":${summary.otherConnections}` +
		(summary.open === undefined ? "" : `,"open":${summary.open}`) +
		(summary.format === undefined ? "" : `,"format":${quote(summary.format)}`) +
		(summary.remarks === undefined || summary.remarks.length === 0
			? ""
			: `,"remarks":[${summary.remarks.map(quote).join(",")}]`) +
		"}"
	);
}
