// Drafts into bytes, lies included.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { draftOf, encodeRecord } from "../../src/fastcgi/record-encoder.js";

const hexOf = (...args: Parameters<typeof encodeRecord>) =>
	encodeRecord(...args).toString("hex");

test("what a draft leaves out is filled in truthfully", () => {
	assert.equal(hexOf({ type: 5, requestId: 258 }), "0105010200000000");
	const contentData = Buffer.from("abc");
	assert.equal(
		hexOf({ type: 5, requestId: 1, contentData }),
		"0105000100030000616263",
	);
	assert.equal(
		hexOf({ type: 5, requestId: 1, contentData, paddingLength: 2 }),
		"01050001000302006162630000",
	);
	assert.equal(
		hexOf({ type: 5, requestId: 1, contentData, paddingData: Buffer.of(9) }),
		"010500010003010061626309",
	);
});

test("what a draft says is written, lies included", () => {
	const lies = {
		type: 255,
		requestId: 65_535,
		contentData: Buffer.from("ab"),
		version: 2,
		contentLength: 65_535,
		paddingLength: 255,
		paddingData: Buffer.of(1),
		reserved: 254,
	};
	assert.equal(hexOf(lies), "02fffffffffffffe616201");
});

test("a number that its field cannot hold is a RangeError", () => {
	const good = { type: 5, requestId: 1 };
	const cases = [
		[{ ...good, type: 300 }, "type is 300, not 0 to 255"],
		[{ ...good, requestId: -1 }, "requestId is -1, not 0 to 65535"],
		[{ ...good, version: 1.5 }, "version is 1.5, not 0 to 255"],
		[{ ...good, reserved: 256 }, "reserved is 256, not 0 to 255"],
		[
			{ ...good, contentLength: 65_536 },
			"contentLength is 65536, not 0 to 65535",
		],
		[
			{ ...good, contentData: Buffer.alloc(65_536) },
			"contentLength is 65536, not 0 to 65535",
		],
		[{ ...good, paddingLength: 256 }, "paddingLength is 256, not 0 to 255"],
		[
			{ ...good, paddingData: Buffer.alloc(256) },
			"paddingLength is 256, not 0 to 255",
		],
	] as const;
	for (const [draft, message] of cases) {
		assert.throws(() => encodeRecord(draft), { name: "RangeError", message });
	}
});

test("the draft of a record cut off is encoded to what there was of it", () => {
	const bytes = encodeRecord({
		type: 6,
		requestId: 1,
		contentData: Buffer.from("content"),
		paddingData: Buffer.of(1, 2, 3),
	});
	for (let length = 8; length <= bytes.length; length++) {
		const decoder = new RecordDecoder();
		const records = [...decoder.push(bytes.subarray(0, length))];
		records.push(...decoder.end());
		const again = records.map((record) => encodeRecord(draftOf(record)));
		assert.deepEqual(again, [bytes.subarray(0, length)], `${length} bytes`);
	}
});
