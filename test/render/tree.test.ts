import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, chunk, connection, record, render } from "../support/events.js";

const where = connection();

/** The lines of the only record of a tree, without offsets and bytes. */
function fields(bytes: Buffer): string[] {
	const text = render("tree", [chunk(where, "webServer", bytes)]);
	return text
		.trimEnd()
		.split("\n")
		.slice(1)
		.map((line) => (line.startsWith("*") ? line : line.slice(35)));
}

test("numbers of two bytes are put together in the open", () => {
	const lines = fields(record("stdin", 0x0102, Buffer.alloc(612)));
	assert.ok(
		lines.includes(
			"contentLengthB1 02  contentLengthB0 64  contentLength = 0x02 << 8 | 0x64 = 612",
		),
	);
	assert.ok(
		lines.includes(
			"requestIdB1 01  requestIdB0 02  requestId = 0x01 << 8 | 0x02 = 258",
		),
	);
});

test("padding is judged by alignment, and its bytes by being zero", () => {
	const cases: readonly (readonly [Buffer, readonly string[]])[] = [
		[
			record("stdin", 1, "abc"),
			[
				"paddingLength = 5, as 8-byte alignment asks",
				"paddingData 5 bytes, all zero",
			],
		],
		[
			record("stdin", 1, "abc", { paddingLength: 0 }),
			["paddingLength = 0, 8-byte alignment would ask for 5"],
		],
		[
			record("stdin", 1, "abc", { paddingLength: 13 }),
			["paddingLength = 13, 8-byte alignment asks for 5 only"],
		],
		[
			record("stdin", 1, "abc", { paddingData: Buffer.of(0, 0, 9, 0, 0) }),
			["paddingData 5 bytes, not all zero: byte 2 is 0x09"],
		],
		[record("stdin", 1, "", { reserved: 7 }), ["reserved = 7, not zero"]],
	];
	for (const [bytes, wanted] of cases) {
		const lines = fields(bytes);
		for (const line of wanted) assert.ok(lines.includes(line), line);
	}
});

test("a body is shown byte by byte, its reserved bytes too", () => {
	const lines = fields(begin(1, 2, 0x81));
	assert.deepEqual(lines.slice(6), [
		"roleB1 00  roleB0 02  role = 0x00 << 8 | 0x02 = 2 (FCGI_AUTHORIZER)",
		"flags = 0x81: FCGI_KEEP_CONN set, undefined bits 0x80 set",
		"reserved[5], all zero",
	]);
});

test("a body of the wrong length is shown as what it is", () => {
	const lines = fields(record("begin", 1, "abc"));
	assert.ok(lines.includes("contentData 3 bytes, which make no body"));
	assert.ok(
		lines.some((line) => /^\* E FCGI_BEGIN_REQUEST.*body-length/.test(line)),
		lines.join("\n"),
	);
});

test("a record that is cut off says so", () => {
	const lines = fields(record("stdin", 1, "abcdef").subarray(0, 10));
	assert.ok(
		lines.includes(
			"* 6 bytes of the record missing, because the input ends here",
		),
		lines.join("\n"),
	);
});

test("every line of a field starts with its offset and bytes", () => {
	const text = render("tree", [chunk(where, "webServer", begin(1))]);
	for (const line of text.trimEnd().split("\n").slice(1)) {
		assert.match(line, /^[0-9a-f]{8} {2}(?:[0-9a-f]{2}|\.\.| | )+ /);
	}
});
