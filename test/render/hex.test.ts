import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { headerBytes, hexOffset } from "../../src/render/hex.js";
import { recordEvent, renderEvents } from "../support/events.js";

test("header, content and padding are told apart by words", () => {
	const text = renderEvents("hex", [
		recordEvent({
			type: 5,
			offset: 0x10,
			contentData: Buffer.from("\x7f0123456789abcdef\x80", "latin1"),
			paddingData: Buffer.alloc(2),
		}),
	]);
	assert.equal(
		text,
		[
			"record 1  FCGI_STDIN  id 1  127.0.0.1:40000 > 127.0.0.1:9000",
			"00000010  01 05 00 01 00 12 02 00                          ........         head",
			"00000018  7f 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65  .0123456789abcde data",
			"00000028  66 80                                            f.               data",
			"0000002a  00 00                                            ..               pad",
			"",
			"",
		].join("\n"),
	);
});

test("offsets beyond 4 GiB take the digits that they need", () => {
	assert.equal(hexOffset(0x1f), "0000001f");
	assert.equal(hexOffset(2 ** 40), "10000000000");
	const event = recordEvent({ type: 5, offset: 2 ** 40 });
	assert.match(renderEvents("hex", [event]), /^10000000000 {2}01 05 /m);
});

test("the header is put together from its fields", () => {
	fc.assert(
		fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
			const raw = Buffer.from(bytes);
			const header = {
				version: raw.readUInt8(0),
				type: raw.readUInt8(1),
				requestId: raw.readUInt16BE(2),
				contentLength: raw.readUInt16BE(4),
				paddingLength: raw.readUInt8(6),
				reserved: raw.readUInt8(7),
			};
			assert.deepEqual(headerBytes(header), raw);
		}),
	);
});

test("no line of a dump is wider than eighty columns", () => {
	const contentData = Buffer.alloc(100, "x");
	for (const line of renderEvents("hex", [
		recordEvent({ type: 5, contentData }),
	]).split("\n")) {
		assert.ok(line.length <= 80, line);
	}
});

test("-x adds the dump behind what a text format says of a record", () => {
	const event = recordEvent({ type: 2 });
	const lines = renderEvents("notation", [event], { hex: true }).split("\n");
	assert.deepEqual(lines, [
		"# 127.0.0.1:40000 > 127.0.0.1:9000",
		"@from webServer 0",
		"{FCGI_ABORT_REQUEST, 1}",
		"# 00000000  01 02 00 01 00 00 00 00                          ........         head",
		"",
	]);
});

test("-x adds nothing to the machine formats", () => {
	const event = recordEvent({ type: 2 });
	const plain = renderEvents("ndjson", [event], { records: true });
	const hex = renderEvents("ndjson", [event], { records: true, hex: true });
	assert.equal(hex, plain);
});
