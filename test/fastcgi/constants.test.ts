// The tables of the specification against its appendix A.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	MAX_RECORD_LENGTH,
	protocolStatusName,
	RECORD_TYPES,
	recordKind,
	recordType,
	recordTypeName,
	roleName,
} from "../../src/fastcgi/constants.js";

/** The chart of appendix A: WS->App, management, stream. */
const APPENDIX_A = `
	FCGI_GET_VALUES        x x -
	FCGI_GET_VALUES_RESULT - x -
	FCGI_UNKNOWN_TYPE      - x -
	FCGI_BEGIN_REQUEST     x - -
	FCGI_ABORT_REQUEST     x - -
	FCGI_END_REQUEST       - - -
	FCGI_PARAMS            x - x
	FCGI_STDIN             x - x
	FCGI_DATA              x - x
	FCGI_STDOUT            - - x
	FCGI_STDERR            - - x`;

test("the record types have the properties of appendix A", () => {
	const mark = (has: boolean) => (has ? "x" : "-");
	const chart = RECORD_TYPES.map((type) =>
		[
			type.name,
			mark(type.sentBy === "webServer"),
			mark(type.management),
			mark(type.stream),
		].join(" "),
	);
	const expected = APPENDIX_A.trim()
		.split("\n")
		.map((line) => line.trim().replaceAll(/ +/g, " "));
	assert.deepEqual(chart.sort(), expected.sort());
});

test("the record types are numbered from 1 to 11", () => {
	const numbers = RECORD_TYPES.map(({ number }) => number);
	assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("a type number finds its row, and another none", () => {
	for (const type of RECORD_TYPES) {
		assert.equal(recordType(type.number), type);
		assert.equal(recordKind(type.number), type.kind);
	}
	for (const number of [0, 12, 255, 256, -1]) {
		assert.equal(recordType(number), undefined);
		assert.equal(recordKind(number), "unknown");
	}
});

test("numbers without a name are named by their number", () => {
	assert.equal(recordTypeName(4), "FCGI_PARAMS");
	assert.equal(recordTypeName(77), "FCGI_TYPE_77");
	assert.equal(roleName(3), "FCGI_FILTER");
	assert.equal(roleName(9), "FCGI_ROLE_9");
	assert.equal(protocolStatusName(2), "FCGI_OVERLOADED");
	assert.equal(protocolStatusName(9), "FCGI_STATUS_9");
});

test("the longest record has 65,798 bytes", () => {
	assert.equal(MAX_RECORD_LENGTH, 65_798);
});
