import assert from "node:assert/strict";
import { test } from "node:test";
import {
	formatSummary,
	formatTypes,
	NO_SUMMARY,
	summaryJson,
} from "../../src/render/summary.js";

const SUMMARY = {
	...NO_SUMMARY,
	connections: 3,
	requests: 12,
	records: 96,
	bytes: 12_345,
	findings: { error: 1, warning: 0, note: 1 },
};

test("the sentence counts, with plurals, and is silent of what there is none of", () => {
	assert.equal(
		formatSummary({ ...SUMMARY, open: 0 }),
		"12 requests, 96 records on 3 connections; 2 findings (1 error, 1 note); 0 open",
	);
	assert.equal(
		formatSummary({ ...NO_SUMMARY, connections: 1, requests: 1, records: 1 }),
		"1 request, 1 record on 1 connection",
	);
});

test("the sentence tells of what is not there and of what is not FastCGI", () => {
	assert.equal(
		formatSummary({
			...SUMMARY,
			fragments: 1,
			skippedBytes: 1,
			missingBytes: 20,
			truncated: true,
			otherConnections: 5,
			format: "pcap, gzip",
			remarks: ["odd\x1b"],
		}),
		"12 requests, 1 fragment of a request, 96 records on 3 connections; 2 findings (1 error, 1 note); 1 byte skipped; 20 bytes missing; " +
			"the input is cut off; 5 other connections without FastCGI; read as pcap, gzip; odd\\x1b",
	);
});

test("the object has its keys in the documented order", () => {
	assert.equal(
		summaryJson(SUMMARY),
		'{"kind":"summary","connections":3,"requests":12,"records":96,"bytes":12345,"findings":{"error":1,"warning":0,"note":1},' +
			'"skippedBytes":0,"missingBytes":0,"truncated":false,"otherConnections":0}',
	);
});

test("the object has what else is known at its end", () => {
	const object = JSON.parse(
		summaryJson({
			...SUMMARY,
			fragments: 2,
			open: 1,
			format: "pcap",
			remarks: ['a "remark"'],
		}),
	);
	assert.equal(object.fragments, 2);
	assert.deepEqual(Object.entries(object).slice(-3), [
		["open", 1],
		["format", "pcap"],
		["remarks", ['a "remark"']],
	]);
});

test("the table tells records and content by type", () => {
	assert.equal(
		formatTypes([
			{ type: 1, records: 3, contentBytes: 24 },
			{ type: 77, records: 1, contentBytes: 0 },
		]),
		[
			"  type                records  content bytes",
			"  FCGI_BEGIN_REQUEST        3             24",
			"  FCGI_TYPE_77              1              0",
		].join("\n"),
	);
});
