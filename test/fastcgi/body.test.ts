// The bodies of the discrete record types, read and written.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	decodeBeginRequest,
	decodeBody,
	decodeEndRequest,
	decodeUnknownType,
	decodeValues,
	encodeBeginRequest,
	encodeEndRequest,
	encodeUnknownType,
} from "../../src/fastcgi/body.js";
import { RECORD_TYPES } from "../../src/fastcgi/constants.js";

const hex = (digits: string) => Buffer.from(digits, "hex");

test("a BEGIN_REQUEST body has a role of two bytes and flags", () => {
	assert.deepEqual(decodeBeginRequest(hex("0102030000000000")), {
		role: 0x0102,
		flags: 3,
		keepConn: true,
	});
	assert.deepEqual(decodeBeginRequest(hex("0003fe0000000000")), {
		role: 3,
		flags: 0xfe,
		keepConn: false,
	});
});

test("an END_REQUEST body has an appStatus of four bytes and a protocolStatus", () => {
	assert.deepEqual(decodeEndRequest(hex("ff00000103000000")), {
		appStatus: 0xff000001,
		protocolStatus: 3,
	});
});

test("an UNKNOWN_TYPE body has a type", () => {
	assert.deepEqual(decodeUnknownType(hex("63ffffffffffffff")), { type: 99 });
});

test("encoded bodies have their reserved bytes zero", () => {
	assert.equal(
		encodeBeginRequest({ role: 1, flags: 1 }).toString("hex"),
		"0001010000000000",
	);
	assert.equal(
		encodeEndRequest({ appStatus: 938, protocolStatus: 2 }).toString("hex"),
		"000003aa02000000",
	);
	assert.equal(
		encodeUnknownType({ type: 12 }).toString("hex"),
		"0c00000000000000",
	);
});

test("a body's number that does not fit is a RangeError", () => {
	const mistakes = [
		() => encodeBeginRequest({ role: 65_536, flags: 0 }),
		() => encodeBeginRequest({ role: 1, flags: 256 }),
		() => encodeEndRequest({ appStatus: -1, protocolStatus: 0 }),
		() => encodeEndRequest({ appStatus: 2 ** 32, protocolStatus: 0 }),
		() => encodeEndRequest({ appStatus: 0.5, protocolStatus: 0 }),
		() => encodeUnknownType({ type: 300 }),
	];
	for (const mistake of mistakes) assert.throws(mistake, RangeError);
});

test("content of another length than eight bytes makes no fixed body", () => {
	for (const type of [1, 3, 11]) {
		for (const length of [0, 7, 9]) {
			const body = decodeBody(type, Buffer.alloc(length));
			assert.equal(body, undefined, `type ${type}, ${length} bytes`);
		}
		assert.ok(decodeBody(type, Buffer.alloc(8)), `type ${type}`);
	}
});

test("a values body is there where the content ends with a pair", () => {
	assert.deepEqual(decodeValues(hex("")), { pairs: [] });
	assert.equal(decodeValues(hex("0100410000"))?.pairs.length, 2);
	assert.equal(decodeValues(hex("010041")) === undefined, false);
	assert.equal(decodeValues(hex("01004101")), undefined);
});

test("the types that have a body are those of the sections 4 and 5", () => {
	const withBody = RECORD_TYPES.filter(
		({ number }) => decodeBody(number, Buffer.alloc(8)) !== undefined,
	);
	assert.deepEqual(
		withBody.map(({ kind }) => kind),
		[
			"beginRequest",
			"endRequest",
			"getValues",
			"getValuesResult",
			"unknownType",
		],
	);
});
