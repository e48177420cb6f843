import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { raw } from "../../../src/capture/dump/raw-format.js";
import { HEAD_LENGTH, Head } from "../../../src/capture/head.js";
import { openCapture } from "../../../src/capture/open-capture.js";
import { record } from "../network/crafted.js";

const CAPTURES = new URL("../../../../captures/", import.meta.url);

const isRaw = (bytes: Buffer, whole = true) =>
	raw.recognises(new Head(bytes, whole));

test("records are recognised, one or several, of either end", () => {
	assert.equal(isRaw(record(5)), true);
	assert.equal(
		isRaw(Buffer.concat([record(6, Buffer.of(1)), record(3)])),
		false,
	);
	const end = record(3, Buffer.alloc(8));
	assert.equal(isRaw(Buffer.concat([record(6, Buffer.of(1)), end])), true);
	assert.equal(
		isRaw(Buffer.concat([record(6, Buffer.of(1)), end.subarray(0, 4)])),
		false,
	);
	assert.equal(isRaw(record(6, Buffer.alloc(9))), true);
	assert.equal(isRaw(record(6, Buffer.alloc(9)).subarray(0, 12)), false);
});

test("of a record that goes beyond the head, the header has to do", () => {
	const long = record(6, Buffer.alloc(0xffff));
	assert.equal(isRaw(long.subarray(0, HEAD_LENGTH), false), true);
	assert.equal(isRaw(long.subarray(0, 1000), false), false);
});

test("nothing else is: text, other versions, other captures", () => {
	assert.equal(isRaw(Buffer.from("GET / HTTP/1.1\r\n\r\n")), false);
	assert.equal(isRaw(Buffer.alloc(100)), false);
	assert.equal(isRaw(Buffer.alloc(0)), false);
	const other = record(5);
	other[0] = 2;
	assert.equal(isRaw(other), false);
	for (const file of readdirSync(CAPTURES)) {
		if (!/\.(?:pcap|md|json)/.test(file)) continue;
		const bytes = readFileSync(new URL(file, CAPTURES));
		assert.equal(isRaw(bytes.subarray(0, HEAD_LENGTH), false), false, file);
	}
});

test("anything is read as raw bytes where that is asked for", async () => {
	const path = new URL("24-lighttpd-authorizer.pcap", CAPTURES).pathname;
	const source = await openCapture(path, { format: "raw" });
	let bytes = 0;
	for await (const chunks of source) {
		for (const chunk of chunks) bytes += chunk.bytes.length;
	}
	assert.equal(source.report.format, "raw");
	assert.ok(bytes > 1000, `${bytes}`);
});
