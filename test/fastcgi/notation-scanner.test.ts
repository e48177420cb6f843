// What is said of mistakes in the notation, as golden texts: place, what was expected, the line and the caret.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FcgiInspectError } from "../../src/errors.js";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";

/** Texts, and the lines of what is said of them. */
const MISTAKES: readonly (readonly [string, ...string[]])[] = [
	[
		"FCGI_STDIN, 1",
		"line 1, column 1: expected a record in braces, or a directive with @, found FCGI_STDIN",
		"  FCGI_STDIN, 1",
		"  ^",
	],
	[
		"{}",
		"line 1, column 2: expected a record type (a name such as FCGI_STDIN or a number from 0 to 255), found }",
		"  {}",
		"   ^",
	],
	[
		"{FCGI_STDIM, 1}",
		"line 1, column 2: expected a record type (a name such as FCGI_STDIN or a number from 0 to 255), found FCGI_STDIM",
		"  {FCGI_STDIM, 1}",
		"   ^",
	],
	[
		"{256, 1}",
		"line 1, column 2: expected a record type (a name such as FCGI_STDIN or a number from 0 to 255), found 256",
		"  {256, 1}",
		"   ^",
	],
	[
		"{FCGI_STDIN 1}",
		"line 1, column 13: expected a comma and the request id, found 1",
		"  {FCGI_STDIN 1}",
		"              ^",
	],
	[
		"{FCGI_STDIN, 65536}",
		"line 1, column 14: expected a request id from 0 to 65535, found 65536",
		"  {FCGI_STDIN, 65536}",
		"               ^",
	],
	[
		"{FCGI_STDIN, 1, }",
		"line 1, column 17: expected a string, a body in braces, pairs in brackets or a header field such as padding=, found }",
		"  {FCGI_STDIN, 1, }",
		"                  ^",
	],
	[
		"{FCGI_STDIN, 1, abc}",
		"line 1, column 17: expected a string, a body in braces, pairs in brackets or a header field such as padding=, found abc",
		"  {FCGI_STDIN, 1, abc}",
		"                  ^",
	],
	[
		'{FCGI_STDIN, 1, "abc}',
		"line 1, column 22: expected the string's closing quote, found the end of the line",
		'  {FCGI_STDIN, 1, "abc}',
		"                       ^",
	],
	[
		'{FCGI_STDIN, 1, "a\\q"}',
		"line 1, column 19: expected an escape of C up to \\377 or \\xff, found \\q",
		'  {FCGI_STDIN, 1, "a\\q"}',
		"                    ^",
	],
	[
		'{FCGI_STDIN, 1, "a\\400"}',
		"line 1, column 19: expected an escape of C up to \\377 or \\xff, found \\4",
		'  {FCGI_STDIN, 1, "a\\400"}',
		"                    ^",
	],
	[
		'{FCGI_STDIN, 1, "a\\x0"}',
		"line 1, column 19: expected an escape of C up to \\377 or \\xff, found \\x",
		'  {FCGI_STDIN, 1, "a\\x0"}',
		"                    ^",
	],
	[
		'{FCGI_STDIN, 1, "a"',
		"line 1, column 20: expected a comma or the closing brace, found the end of the line",
		'  {FCGI_STDIN, 1, "a"',
		"                     ^",
	],
	[
		'{FCGI_STDIN, 1, "a"\n{FCGI_STDIN, 1, ""}',
		"line 1, column 20: expected a comma or the closing brace, found the end of the line",
		'  {FCGI_STDIN, 1, "a"',
		"                     ^",
	],
	[
		'{FCGI_STDIN, 1, "a" # open\n\n{FCGI_STDIN, 1, ""}',
		"line 1, column 20: expected a comma or the closing brace, found the end of the line",
		'  {FCGI_STDIN, 1, "a" # open',
		"                     ^",
	],
	[
		'{FCGI_STDIN, 1, "a"} {FCGI_STDIN, 1, ""}',
		"line 1, column 22: expected the end of the line, found {",
		'  {FCGI_STDIN, 1, "a"} {FCGI_STDIN, 1, ""}',
		"                       ^",
	],
	[
		'{FCGI_STDIN, 1, "a" "b"}',
		'line 1, column 21: expected a comma or the closing brace, found "',
		'  {FCGI_STDIN, 1, "a" "b"}',
		"                      ^",
	],
	[
		"{FCGI_STDIN, 1, {1}}",
		"line 1, column 17: expected a string or pairs in brackets, because this type has no body in braces, found {",
		"  {FCGI_STDIN, 1, {1}}",
		"                  ^",
	],
	[
		"{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDR, 0}}",
		"line 1, column 26: expected a role (FCGI_RESPONDER, FCGI_AUTHORIZER, FCGI_FILTER or a number from 0 to 65535), found FCGI_RESPONDR",
		"  {FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDR, 0}}",
		"                           ^",
	],
	[
		"{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER}}",
		"line 1, column 40: expected a comma and the flags, found }",
		"  {FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER}}",
		"                                         ^",
	],
	[
		"{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 256}}",
		"line 1, column 42: expected flags (FCGI_KEEP_CONN or a number from 0 to 255), found 256",
		"  {FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 256}}",
		"                                           ^",
	],
	[
		"{FCGI_END_REQUEST, 1, {FCGI_REQUEST_COMPLETE, 0}}",
		"line 1, column 24: expected the appStatus as a number from 0 to 4294967295, the protocolStatus behind it, found FCGI_REQUEST_COMPLETE",
		"  {FCGI_END_REQUEST, 1, {FCGI_REQUEST_COMPLETE, 0}}",
		"                         ^",
	],
	[
		"{FCGI_END_REQUEST, 1, {0, COMPLETE}}",
		"line 1, column 27: expected a protocolStatus (FCGI_REQUEST_COMPLETE, FCGI_CANT_MPX_CONN, FCGI_OVERLOADED, FCGI_UNKNOWN_ROLE or a number from 0 to 255), found COMPLETE",
		"  {FCGI_END_REQUEST, 1, {0, COMPLETE}}",
		"                            ^",
	],
	[
		"{FCGI_END_REQUEST, 1, {0, 0, 0}}",
		"line 1, column 28: expected the body's closing brace, found ,",
		"  {FCGI_END_REQUEST, 1, {0, 0, 0}}",
		"                             ^",
	],
	[
		"{FCGI_PARAMS, 1, [A=80]}",
		"line 1, column 21: expected a string, found 80",
		"  {FCGI_PARAMS, 1, [A=80]}",
		"                      ^",
	],
	[
		'{FCGI_PARAMS, 1, [A="1" B="2"]}',
		"line 1, column 25: expected a comma or the closing bracket, found B",
		'  {FCGI_PARAMS, 1, [A="1" B="2"]}',
		"                          ^",
	],
	[
		'{FCGI_PARAMS, 1, [1="2"]}',
		"line 1, column 19: expected a name, as a word or a string, found 1",
		'  {FCGI_PARAMS, 1, [1="2"]}',
		"                    ^",
	],
	[
		'{FCGI_STDIN, 1, "", colour=5}',
		"line 1, column 21: expected version=, contentLength=, padding=, paddingLength= or reserved=, found colour",
		'  {FCGI_STDIN, 1, "", colour=5}',
		"                      ^",
	],
	[
		'{FCGI_STDIN, 1, "", padding}',
		"line 1, column 28: expected = behind padding, found }",
		'  {FCGI_STDIN, 1, "", padding}',
		"                             ^",
	],
	[
		'{FCGI_STDIN, 1, "", padding=256}',
		"line 1, column 29: expected a number from 0 to 255 (of zero bytes) or a string, found 256",
		'  {FCGI_STDIN, 1, "", padding=256}',
		"                              ^",
	],
	[
		'{FCGI_STDIN, 1, "", padding=x}',
		"line 1, column 29: expected a number from 0 to 255 (of zero bytes) or a string, found x",
		'  {FCGI_STDIN, 1, "", padding=x}',
		"                              ^",
	],
	[
		'{FCGI_STDIN, 1, "", version=010}',
		"line 1, column 29: expected a number from 0 to 255, found 010",
		'  {FCGI_STDIN, 1, "", version=010}',
		"                              ^",
	],
	[
		'{FCGI_STDIN, 1, "", version=1, version=1}',
		"line 1, column 32: version= is given twice",
		'  {FCGI_STDIN, 1, "", version=1, version=1}',
		"                                 ^",
	],
	[
		'{FCGI_STDIN, 1, "", "again"}',
		'line 1, column 21: expected version=, contentLength=, padding=, paddingLength= or reserved=, found "',
		'  {FCGI_STDIN, 1, "", "again"}',
		"                      ^",
	],
	[
		`{FCGI_STDIN, 1, "${"x".repeat(65536)}"}`,
		"line 1, column 17: 65536 bytes of content, a record has room for 65535",
		'  {FCGI_STDIN, 1, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
		"                  ^",
	],
	[
		'{FCGI_STDIN, 1, "", padding="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}',
		"line 1, column 29: 256 bytes of padding, a record has room for 255",
		'  {FCGI_STDIN, 1, "", padding="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
		"                              ^",
	],
	[
		`{FCGI_PARAMS, 1, "${"x".repeat(200)}", nothing=1, "${"y".repeat(200)}"}`,
		"line 1, column 222: expected version=, contentLength=, padding=, paddingLength= or reserved=, found nothing",
		'  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", nothing=1, "yyyyyyyyyyyyyyyyyyyyyyyyyy',
		"                                        ^",
	],
	[
		"{FCGI_STDIN,\t\x1b[31m1}",
		"line 1, column 14: expected a request id from 0 to 65535, found control character 27",
		"  {FCGI_STDIN,  [31m1}",
		"               ^",
	],
	[
		"# one\r\n# two\r\n{FCGI_STDIN, 1\r\n",
		"line 3, column 15: expected a comma or the closing brace, found the end of the line",
		"  {FCGI_STDIN, 1",
		"                ^",
	],
	[
		"@stop",
		"line 1, column 2: expected raw, wait, wait-for, from, split, half-close, close or reset behind @, found stop",
		"  @stop",
		"   ^",
	],
	[
		"@",
		"line 1, column 2: expected raw, wait, wait-for, from, split, half-close, close or reset behind @, found the end of the line",
		"  @",
		"   ^",
	],
	[
		"@raw",
		"line 1, column 5: expected bytes as pairs of hexadecimal digits, such as 01 0a ff, found the end of the line",
		"  @raw",
		"      ^",
	],
	[
		"@raw 0",
		"line 1, column 6: expected bytes as pairs of hexadecimal digits, such as 01 0a ff, found 0",
		"  @raw 0",
		"       ^",
	],
	[
		"@raw 01 0g",
		"line 1, column 9: expected bytes as pairs of hexadecimal digits, such as 01 0a ff, found 0g",
		"  @raw 01 0g",
		"          ^",
	],
	[
		"@wait 100",
		"line 1, column 7: expected a time of at most 24 days with its unit, such as 100ms or 1.5s, found 100",
		"  @wait 100",
		"        ^",
	],
	[
		"@wait 5h",
		"line 1, column 7: expected a time of at most 24 days with its unit, such as 100ms or 1.5s, found 5h",
		"  @wait 5h",
		"        ^",
	],
	[
		"@wait 99999999s",
		"line 1, column 7: expected a time of at most 24 days with its unit, such as 100ms or 1.5s, found 99999999s",
		"  @wait 99999999s",
		"        ^",
	],
	[
		"@wait-for\nFCGI_STDIN",
		"line 1, column 10: expected a record type (a name such as FCGI_STDIN or a number from 0 to 255), found the end of the line",
		"  @wait-for",
		"           ^",
	],
	[
		"@wait-for STDIN",
		"line 1, column 11: expected a record type (a name such as FCGI_STDIN or a number from 0 to 255), found STDIN",
		"  @wait-for STDIN",
		"            ^",
	],
	[
		"@split",
		"line 1, column 7: expected a number of bytes from 1 to 65798, or 0 to write whole records again, found the end of the line",
		"  @split",
		"        ^",
	],
	[
		"@split 65799",
		"line 1, column 8: expected a number of bytes from 1 to 65798, or 0 to write whole records again, found 65799",
		"  @split 65799",
		"         ^",
	],
	[
		"@close now",
		"line 1, column 8: expected the end of the line, found now",
		"  @close now",
		"         ^",
	],
];

describe("a mistake", () => {
	for (const [text, ...lines] of MISTAKES) {
		test(`is shown with its place: ${lines[0]}`, () => {
			assert.deepEqual(messageOf(text).split("\n"), lines);
		});
	}

	test("is never let through as another error, wherever a text is cut", () => {
		const text =
			'{FCGI_PARAMS, 1, [A="b", C], padding="\\x01", version=2} # c\n@wait-for 3';
		for (let length = 1; length < text.length; length++) {
			const cut = text.slice(0, length);
			try {
				parseNotation(cut);
			} catch (error) {
				assert.ok(error instanceof FcgiInspectError, cut);
			}
		}
	});
});

function messageOf(text: string): string {
	try {
		parseNotation(text);
	} catch (error) {
		assert.ok(error instanceof FcgiInspectError, String(error));
		assert.equal(error.code, "notation");
		return error.message;
	}
	return assert.fail(`no mistake in ${text}`);
}
