// The notation that `send` reads: records with all that interface and specification allow, and directives.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NotationItem } from "../../src/fastcgi/notation-item.js";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";

/** The bytes of the one record that a text says. */
function bytesOf(text: string): string {
	const items = parseNotation(text);
	assert.equal(items.length, 1, text);
	const item = items[0] as NotationItem;
	assert.equal(item.kind, "record");
	return item.kind === "record" ? encodeRecord(item.draft).toString("hex") : "";
}

const squeeze = (digits: string) => digits.replaceAll(" ", "");

describe("a record", () => {
	const cases = [
		['{FCGI_STDIN, 1, "abc"}', "01 05 0001 0003 00 00 616263"],
		['{5, 1, "abc"}', "01 05 0001 0003 00 00 616263"],
		['{42, 7, "..."}', "01 2a 0007 0003 00 00 2e2e2e"],
		['{0xff, 0xffff, ""}', "01 ff ffff 0000 00 00"],
		["{FCGI_ABORT_REQUEST, 1}", "01 02 0001 0000 00 00"],
		['{FCGI_GET_VALUES, FCGI_NULL_REQUEST_ID, ""}', "01 09 0000 0000 00 00"],
		[
			"{FCGI_BEGIN_REQUEST, 1, {FCGI_FILTER, FCGI_KEEP_CONN}}",
			"01 01 0001 0008 00 00 0003 01 0000000000",
		],
		[
			"{FCGI_BEGIN_REQUEST, 1, {0x1234, 0xfe}}",
			"01 01 0001 0008 00 00 1234 fe 0000000000",
		],
		["{1, 1, {1, 0}}", "01 01 0001 0008 00 00 0001 00 0000000000"],
		[
			"{FCGI_END_REQUEST, 1, {938, FCGI_OVERLOADED}}",
			"01 03 0001 0008 00 00 000003aa 02 000000",
		],
		["{FCGI_UNKNOWN_TYPE, 0, {99}}", "01 0b 0000 0008 00 00 63 00000000000000"],
		[
			'{FCGI_PARAMS, 1, [SERVER_PORT="80", QUERY_STRING=""]}',
			"01 04 0001 001d 00 00 0b02 5345525645525f504f5254 3830 0c00 51554552595f535452494e47",
		],
		["{FCGI_PARAMS, 1, []}", "01 04 0001 0000 00 00"],
		[
			String.raw`{FCGI_PARAMS, 1, ["a b"="\000", "" = "é"]}`,
			"01 04 0001 000a 00 00 0301 612062 00 0002 c3a9",
		],
		["{FCGI_GET_VALUES, 0, [A, B]}", "01 09 0000 0006 00 00 0100 41 0100 42"],
		[
			'{FCGI_STDIN, 1, "abc", padding=5, version=2, contentLength=99, reserved=255}',
			"02 05 0001 0063 05 ff 616263 0000000000",
		],
		['{FCGI_STDIN, 1, "a", paddingLength=2}', "01 05 0001 0001 02 00 61 0000"],
		['{FCGI_STDIN, 1, "a", padding="bc"}', "01 05 0001 0001 02 00 61 6263"],
		[
			'{FCGI_STDIN, 1, "a", padding="b", paddingLength=255}',
			"01 05 0001 0001 ff 00 61 62",
		],
		["{FCGI_STDIN, 1, contentLength=3}", "01 05 0001 0003 00 00"],
		[
			'  {  FCGI_STDIN # type\n,1,# id\n\t"a" , reserved = 1\r\n}  # done',
			"01 05 0001 0001 00 01 61",
		],
		['{FCGI_STDIN,1,"a"}', "01 05 0001 0001 00 00 61"],
		['{FCGI_STDIN, 1, "# { @ }"}', "01 05 0001 0007 00 00 23207b2040207d"],
	] as const;
	for (const [text, digits] of cases) {
		test(`such as ${text.replaceAll(/\s+/g, " ")} is read`, () => {
			assert.equal(bytesOf(text), squeeze(digits));
		});
	}

	test("has all escapes of C", () => {
		const cases = [
			[String.raw`\a\b\t\n\v\f\r\"\'\?\\`, "07 08 09 0a 0b 0c 0d 22 27 3f 5c"],
			[String.raw`\0\00\000\0000\8`.slice(0, -2), "00 00 00 00 30"],
			[String.raw`\7\17\177\377\1777`, "07 0f 7f ff 7f 37"],
			[String.raw`\x00\x0a\xFf\x0abc`, "00 0a ff 0a 62 63"],
			["aé€😀", "61 c3a9 e282ac f09f9880"],
			["'?", "27 3f"],
		] as const;
		for (const [escapes, digits] of cases) {
			const bytes = bytesOf(`{5, 1, "${escapes}"}`).slice(16);
			assert.equal(bytes, squeeze(digits), escapes);
		}
	});
});

describe("a text", () => {
	test("is records and directives with their lines", () => {
		const text = [
			"# a request",
			"",
			'{FCGI_STDIN, 1, "a"}   # first',
			"@raw 01 0a ff",
			"@raw 010aFF # together",
			"@wait 100ms",
			"@wait 1.5s",
			"  @wait-for FCGI_END_REQUEST",
			"@wait-for 77",
			"@split 1\r",
			"@split 0",
			"{FCGI_STDIN,",
			' 1, "b"}',
			"@half-close",
			"@close",
			"@reset",
			"@from webServer 12 # who",
			"@from application",
		].join("\n");
		const draft = (content: string) => ({
			type: 5,
			requestId: 1,
			contentData: Buffer.from(content),
		});
		assert.deepEqual(parseNotation(text), [
			{ kind: "record", line: 3, draft: draft("a") },
			{ kind: "raw", line: 4, bytes: Buffer.of(1, 10, 255) },
			{ kind: "raw", line: 5, bytes: Buffer.of(1, 10, 255) },
			{ kind: "wait", line: 6, milliseconds: 100 },
			{ kind: "wait", line: 7, milliseconds: 1500 },
			{ kind: "waitFor", line: 8, type: 3 },
			{ kind: "waitFor", line: 9, type: 77 },
			{ kind: "split", line: 10, size: 1 },
			{ kind: "split", line: 11, size: 0 },
			{ kind: "record", line: 12, draft: draft("b") },
			{ kind: "halfClose", line: 14 },
			{ kind: "close", line: 15 },
			{ kind: "reset", line: 16 },
			{ kind: "from", line: 17, from: "webServer", connection: 12 },
			{ kind: "from", line: 18, from: "application", connection: undefined },
		]);
	});

	test("may be empty", () => {
		for (const text of ["", "\n\n", "# nothing", " \t\r\n# nothing\n"]) {
			assert.deepEqual(parseNotation(text), []);
		}
	});

	test("of many records is read in linear time", () => {
		const text = '{FCGI_STDIN, 1, "abcdefgh"}\n'.repeat(100_000);
		const started = process.hrtime.bigint();
		const items = parseNotation(text);
		const ms = Number(process.hrtime.bigint() - started) / 1e6;
		assert.equal(items[99_999]?.line, 100_000);
		// Counting lines from the start for each would look at 1.4 * 10^11 characters.
		assert.ok(ms < 5000, `${ms} ms`);
	});
});
