// The notation against every example of the appendix B, and back to bytes for any record.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatNotation } from "../../src/fastcgi/notation.js";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";
import type { FcgiRecord } from "../../src/fastcgi/record.js";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { truthfulDraft } from "../support/arbitraries.js";

/** An example of appendix B: what the specification prints, and each record's header and content on the wire. */
interface Example {
	readonly printed: string;
	readonly wire: readonly (readonly [header: string, content: string])[];
}

const RESPONDER = "\x00\x01\x00\x00\x00\x00\x00\x00";
const KEEP_CONN = "\x00\x01\x01\x00\x00\x00\x00\x00";
const COMPLETE = "\x00\x00\x00\x00\x00\x00\x00\x00";
const PARAMS = "\x0b\x02SERVER_PORT80\x0b\x0eSERVER_ADDR199.170.183.42 ... ";
const PAGE = "Content-type: text/html\r\n\r\n<html>\n<head> ... ";

const EXAMPLES: Readonly<Record<string, Example>> = {
	"B.1": {
		printed: String.raw`
{FCGI_BEGIN_REQUEST,   1, {FCGI_RESPONDER, 0}}
{FCGI_PARAMS,          1, "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42 ... "}
{FCGI_PARAMS,          1, ""}
{FCGI_STDIN,           1, ""}
    {FCGI_STDOUT,      1, "Content-type: text/html\r\n\r\n<html>\n<head> ... "}
    {FCGI_STDOUT,      1, ""}
    {FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}
`,
		wire: [
			["0101000100080000", RESPONDER],
			["01040001002f0000", PARAMS],
			["0104000100000000", ""],
			["0105000100000000", ""],
			["01060001002d0000", PAGE],
			["0106000100000000", ""],
			["0103000100080000", COMPLETE],
		],
	},
	"B.2": {
		printed: String.raw`
{FCGI_BEGIN_REQUEST,   1, {FCGI_RESPONDER, 0}}
{FCGI_PARAMS,          1, "\013\002SERVER_PORT80\013\016SER"}
{FCGI_PARAMS,          1, "VER_ADDR199.170.183.42 ... "}
{FCGI_PARAMS,          1, ""}
{FCGI_STDIN,           1, "quantity=100&item=3047936"}
{FCGI_STDIN,           1, ""}
    {FCGI_STDOUT,      1, "Content-type: text/html\r\n\r\n<html>\n<head> ... "}
    {FCGI_STDOUT,      1, ""}
    {FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}
`,
		wire: [
			["0101000100080000", RESPONDER],
			["0104000100140000", "\x0b\x02SERVER_PORT80\x0b\x0eSER"],
			["01040001001b0000", "VER_ADDR199.170.183.42 ... "],
			["0104000100000000", ""],
			["0105000100190000", "quantity=100&item=3047936"],
			["0105000100000000", ""],
			["01060001002d0000", PAGE],
			["0106000100000000", ""],
			["0103000100080000", COMPLETE],
		],
	},
	"B.3": {
		printed: String.raw`
{FCGI_BEGIN_REQUEST,   1, {FCGI_RESPONDER, 0}}
{FCGI_PARAMS,          1, "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42 ... "}
{FCGI_PARAMS,          1, ""}
{FCGI_STDIN,           1, ""}
    {FCGI_STDOUT,      1, "Content-type: text/html\r\n\r\n<ht"}
    {FCGI_STDERR,      1, "config error: missing SI_UID\n"}
    {FCGI_STDOUT,      1, "ml>\n<head> ... "}
    {FCGI_STDOUT,      1, ""}
    {FCGI_STDERR,      1, ""}
    {FCGI_END_REQUEST, 1, {938, FCGI_REQUEST_COMPLETE}}
`,
		wire: [
			["0101000100080000", RESPONDER],
			["01040001002f0000", PARAMS],
			["0104000100000000", ""],
			["0105000100000000", ""],
			["01060001001e0000", "Content-type: text/html\r\n\r\n<ht"],
			["01070001001d0000", "config error: missing SI_UID\n"],
			["01060001000f0000", "ml>\n<head> ... "],
			["0106000100000000", ""],
			["0107000100000000", ""],
			["0103000100080000", "\x00\x00\x03\xaa\x00\x00\x00\x00"],
		],
	},
	"B.4": {
		printed: String.raw`
{FCGI_BEGIN_REQUEST,   1, {FCGI_RESPONDER, FCGI_KEEP_CONN}}
{FCGI_PARAMS,          1, "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42 ... "}
{FCGI_PARAMS,          1, ""}
{FCGI_BEGIN_REQUEST,   2, {FCGI_RESPONDER, FCGI_KEEP_CONN}}
{FCGI_PARAMS,          2, "\013\002SERVER_PORT80\013\016SERVER_ADDR199.170.183.42 ... "}
{FCGI_STDIN,           1, ""}
    {FCGI_STDOUT,      1, "Content-type: text/html\r\n\r\n"}
{FCGI_PARAMS,          2, ""}
{FCGI_STDIN,           2, ""}
    {FCGI_STDOUT,      2, "Content-type: text/html\r\n\r\n<html>\n<head> ... "}
    {FCGI_STDOUT,      2, ""}
    {FCGI_END_REQUEST, 2, {0, FCGI_REQUEST_COMPLETE}}
    {FCGI_STDOUT,      1, "<html>\n<head> ... "}
    {FCGI_STDOUT,      1, ""}
    {FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}
`,
		wire: [
			["0101000100080000", KEEP_CONN],
			["01040001002f0000", PARAMS],
			["0104000100000000", ""],
			["0101000200080000", KEEP_CONN],
			["01040002002f0000", PARAMS],
			["0105000100000000", ""],
			["01060001001b0000", "Content-type: text/html\r\n\r\n"],
			["0104000200000000", ""],
			["0105000200000000", ""],
			["01060002002d0000", PAGE],
			["0106000200000000", ""],
			["0103000200080000", COMPLETE],
			["0106000100120000", "<html>\n<head> ... "],
			["0106000100000000", ""],
			["0103000100080000", COMPLETE],
		],
	},
};

/** A printed line without the blanks that align it with others. */
const unaligned = (line: string) => line.trim().replace(/^(\{\w+,) +/, "$1 ");

function decodeAll(bytes: Buffer): FcgiRecord[] {
	const decoder = new RecordDecoder();
	return [...decoder.push(bytes), ...decoder.end()];
}

function encodeAll(text: string): string {
	const encoded = parseNotation(text).map((item) =>
		item.kind === "record" ? encodeRecord(item.draft) : assert.fail(item.kind),
	);
	return Buffer.concat(encoded).toString("hex");
}

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

for (const [name, example] of Object.entries(EXAMPLES)) {
	describe(`example ${name} of the specification`, () => {
		const wire = Buffer.concat(
			example.wire.map(([header, content]) =>
				Buffer.concat([hex(header), Buffer.from(content, "latin1")]),
			),
		);
		const records = decodeAll(wire);

		test("is decoded to the records printed there", () => {
			assert.deepEqual(
				records.map((record) => [
					[
						record.version,
						record.type,
						record.requestId,
						record.contentLength,
						record.paddingLength,
						record.reserved,
					],
					record.contentData.toString("latin1"),
					record.missing,
				]),
				example.wire.map(([header, content]) => {
					const [version, type, id1, id0, length1, length0, padding, reserved] =
						hex(header);
					return [
						[
							version,
							type,
							(id1 as number) * 256 + (id0 as number),
							(length1 as number) * 256 + (length0 as number),
							padding,
							reserved,
						],
						content,
						0,
					];
				}),
			);
		});

		test("is printed as it is there", () => {
			assert.deepEqual(
				records.map(formatNotation),
				example.printed.trim().split("\n").map(unaligned),
			);
		});

		test("is read as it is printed there", () => {
			assert.equal(encodeAll(example.printed), wire.toString("hex"));
		});
	});
}

describe("formatNotation", () => {
	const cases: Readonly<Record<string, readonly [string, string]>> = {
		"an ABORT_REQUEST without content": [
			"01 02 0001 0000 00 00",
			"{FCGI_ABORT_REQUEST, 1}",
		],
		"an ABORT_REQUEST with content": [
			"01 02 0001 0001 00 00 41",
			'{FCGI_ABORT_REQUEST, 1, "A"}',
		],
		"an UNKNOWN_TYPE": [
			"01 0b 0000 0008 00 00 0c00000000000000",
			"{FCGI_UNKNOWN_TYPE, 0, {12}}",
		],
		"a type without a name": ["01 4d 0007 0000 00 00", '{77, 7, ""}'],
		"a role and flags without a name": [
			"01 01 0001 0008 00 00 0009 03 0000000000",
			"{FCGI_BEGIN_REQUEST, 1, {9, 3}}",
		],
		"a protocol status without a name": [
			"01 03 0001 0008 00 00 ffffffff 09 000000",
			"{FCGI_END_REQUEST, 1, {4294967295, 9}}",
		],
		"a body with reserved bytes that are not zero": [
			"01 03 0001 0008 00 00 00000000 00 68c400",
			String.raw`{FCGI_END_REQUEST, 1, "\000\000\000\000\000h\304\000"}`,
		],
		"a body of the wrong length": [
			"01 01 0001 0003 00 00 000100",
			String.raw`{FCGI_BEGIN_REQUEST, 1, "\000\001\000"}`,
		],
		values: [
			"01 0a 0000 0012 06 00 0f01 464347495f4d5058535f434f4e4e53 30 000000000000",
			String.raw`{FCGI_GET_VALUES_RESULT, 0, "\017\001FCGI_MPXS_CONNS0", padding=6}`,
		],
		"lengths of pairs that are line ends elsewhere": [
			"01 04 0001 0002 00 00 0a0d",
			String.raw`{FCGI_PARAMS, 1, "\012\015"}`,
		],
		"quotes, backslashes and bytes that are not ASCII": [
			"01 05 0001 0008 00 00 225c00090a0d7fff",
			String.raw`{FCGI_STDIN, 1, "\"\\\000\t\n\r\177\377"}`,
		],
		"a digit behind an escape": [
			"01 05 0001 0002 00 00 0137",
			String.raw`{FCGI_STDIN, 1, "\0017"}`,
		],
		"every header field that is not the usual": [
			"02 05 0001 0001 02 ff 61 0000",
			'{FCGI_STDIN, 1, "a", version=2, padding=2, reserved=255}',
		],
		"padding that is not zero": [
			"01 05 0001 0001 02 00 61 0001",
			String.raw`{FCGI_STDIN, 1, "a", padding="\000\001"}`,
		],
		"a record cut off in its content": [
			"01 05 0001 0063 05 00 616263",
			'{FCGI_STDIN, 1, "abc", contentLength=99, padding=0, paddingLength=5}',
		],
		"a record cut off in its padding": [
			"01 02 0001 0000 05 00 0000",
			"{FCGI_ABORT_REQUEST, 1, padding=2, paddingLength=5}",
		],
		"a body cut off": [
			"01 01 0001 0008 00 00 00",
			String.raw`{FCGI_BEGIN_REQUEST, 1, "\000", contentLength=8}`,
		],
	};
	for (const [name, [digits, line]] of Object.entries(cases)) {
		test(`writes ${name}, and it can be read back`, () => {
			const records = decodeAll(hex(digits));
			assert.deepEqual(records.map(formatNotation), [line]);
			assert.equal(encodeAll(line), hex(digits).toString("hex"));
		});
	}

	test("says every byte of any records, cut off or not", () => {
		const input = fc
			.array(truthfulDraft, { minLength: 1, maxLength: 4 })
			.chain((drafts) => {
				const bytes = Buffer.concat(drafts.map(encodeRecord));
				return fc.tuple(fc.constant(bytes), fc.nat(bytes.length));
			});
		fc.assert(
			fc.property(input, ([bytes, length]) => {
				const cut = bytes.subarray(0, length);
				const decoder = new RecordDecoder();
				const records = [...decoder.push(cut), ...decoder.end()];
				const text = records.map(formatNotation).join("\n");
				assert.match(text, /^[\n -~]*$/);
				const there = cut.length - decoder.heldBytes;
				assert.equal(encodeAll(text), cut.toString("hex", 0, there));
			}),
			{ numRuns: 300 },
		);
	});
});
