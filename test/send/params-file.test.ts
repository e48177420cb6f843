// Params files, JSON and lines: what is read of them, in what order, and what is said of one that is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FcgiInspectError } from "../../src/errors.js";
import {
	MAX_PARAMS_FILE_BYTES,
	readParamsFile,
	refuseLongParamsFile,
} from "../../src/send/params-file.js";

const read = (text: string, exact = false) =>
	readParamsFile("env.json", Buffer.from(text), { exact });

const READ: readonly [what: string, text: string, params: unknown][] = [
	[
		"an object",
		'{"A": "1", "B": ""}',
		[
			["A", "1"],
			["B", ""],
		],
	],
	["no parameters", "{}", []],
	[
		"numbers and booleans as they are written",
		'{"A": 1e3, "B": -0.50, "C": true, "D": false}',
		[
			["A", "1e3"],
			["B", "-0.50"],
			["C", "true"],
			["D", "false"],
		],
	],
	[
		"a number beyond what a double holds",
		'{"A": 9007199254740993}',
		[["A", "9007199254740993"]],
	],
	[
		"names twice, and names of Object",
		'{"A": "1", "__proto__": "x", "A": "2", "9": "", "1": ""}',
		[
			["A", "1"],
			["__proto__", "x"],
			["A", "2"],
			["9", ""],
			["1", ""],
		],
	],
	[
		"comments and commas",
		'\ufeff// a\n/* b\n* */ { // c\n"A" /**/ : /**/ "//" , /* d */ }\n// e',
		[["A", "//"]],
	],
	["escapes", '{"A": "\\u00e9\\n\\ud83d\\ude00\\/\\\\"}', [["A", "é\n😀/\\"]]],
	[
		"lines",
		"A=1\nB=\n# c\n\n  export C=x=y \r\nD=a b # note\nE=a#b\nF=#x\nG=last",
		[
			["A", "1"],
			["B", ""],
			["C", "x=y"],
			["D", "a b"],
			["E", "a#b"],
			["F", ""],
			["G", "last"],
		],
	],
	[
		"quotes",
		'A=\'a \\n $B\' # c\nB="x\\n\\t\\"\\$\\\\\\q"\nC="two\nlines"\r\nD=$HOME`x`\nE=a\'b"c',
		[
			["A", "a \\n $B"],
			["B", 'x\n\t"$\\\\q'],
			["C", "two\nlines"],
			["D", "$HOME`x`"],
			["E", "a'b\"c"],
		],
	],
	[
		"a name twice",
		"A=1\nA=2",
		[
			["A", "1"],
			["A", "2"],
		],
	],
	["a byte order mark", "\ufeffA=1", [["A", "1"]]],
	[
		"names with a dot or a bracket are JSON's",
		'{"a.b[0]": "x y"}',
		[["a.b[0]", "x y"]],
	],
];

for (const [what, text, params] of READ) {
	test(`reads ${what}`, () => {
		assert.deepEqual(read(text), params);
		assert.deepEqual(read(`${text}\n`), params);
	});
}

const REFUSED: readonly [text: string, message: RegExp][] = [
	["", /^env\.json:1: no parameters/],
	["# only\n", /^env\.json:1: no parameters/],
	["[]", /^env\.json:1: this is an array; wanted is an object/],
	['\n\n[{"A": 1}]', /^env\.json:3: this is an array/],
	['"A"', /^env\.json:1: this is a text/],
	[
		"hello there",
		/^env\.json:1: "hello there" is neither NAME=value nor a JSON object/,
	],
	[
		"A=1\nPATH",
		/^env\.json:2: PATH has no value: write PATH=value, for nothing of the environment/,
	],
	["null", /^env\.json:1: "null" is neither NAME=value nor a JSON object/],
	["42\n", /^env\.json:1: "42" is neither/],
	["A = 1", /^env\.json:1: no white space stands around the =/],
	["A=1\n=2", /^env\.json:2: "=2" is neither/],
	['A=1\nB="x\n\nC=1', /^env\.json:2: B has no closing "/],
	["A='x' y", /^env\.json:1: there is more behind the closing ' of A/],
	['A="1\n2"x', /^env\.json:2: there is more/],
	[
		'{\n"A": "1",\n\n"HEADERS": {"Host": "x"}}',
		/^env\.json:4: HEADERS is an object \(HEADERS\.Host\); a parameter is a text$/,
	],
	[
		'{"A": [1]}',
		/^env\.json:1: A is an array \(A\[0\]\); a parameter is a text$/,
	],
	['{"a b": {}}', /^env\.json:1: "a b" is an object; a parameter is a text$/],
	['{\n"A": null}', /^env\.json:2: A is null; a parameter is a text/],
	[
		'{"A": 01}',
		/^env\.json:1: A is no text, number, true or false: found "01"/,
	],
	['{"A": 1.}', /^env\.json:1: A is no text/],
	['{"A": nul}', /^env\.json:1: A is no text.*found "nul"/],
	['{"A": undefined}', /^env\.json:1: A is no text/],
	['{"A" "1"}', /^env\.json:1: expected : behind "A", found "\\""/],
	['{"A": "1"\n"B": "2"}', /^env\.json:2: expected , or }, found/],
	['{"A": "1"', /^env\.json:1: expected , or }, found the end of the file/],
	["{A: 1}", /^env\.json:1: expected a name in quotes or }, found "A"/],
	["{,}", /^env\.json:1: expected a name/],
	['{"A": "x\ny"}', /^env\.json:1: a text without its closing quote/],
	['{"A": "x', /^env\.json:1: a text without its closing quote/],
	[
		'{"A": "\t"}',
		/^env\.json:1: a control character in a text is written as \\u0009/,
	],
	['{"A": "\\x41"}', /^env\.json:1: \\x is no escape of JSON/],
	['{"A": "\\u12"}', /^env\.json:1: \\u is no escape/],
	['{"A": "\\ud800"}', /^env\.json:1: \\ud800 to \\udfff/],
	['{"A": "1"} x', /^env\.json:1: expected the end, found "x"/],
	['{"A": "1"}\n{"A": "1"}', /^env\.json:2: expected the end/],
	['/* {"A": "1"}', /^env\.json:1: a comment without its/],
	['{"A": "1" /* \n}', /^env\.json:1: a comment without its/],
	['{\n"A":\n"a\\u0000b"}', /^env\.json:2: "A" has a NUL in it/],
	[
		'{"a\\u0000b": ""}',
		/^env\.json:1: "a\\u0000b" has a NUL in it.*--exact sends it$/,
	],
	['{"": "x"}', /^env\.json:1: a parameter without a name; --exact/],
	["A=1\nB=\0", /^env\.json:2: there is a NUL byte/],
];

for (const [text, message] of REFUSED) {
	test(`refuses ${JSON.stringify(text)}`, () => {
		assert.throws(
			() => read(text),
			(error) => {
				assert.ok(error instanceof FcgiInspectError);
				assert.equal(error.code, "usage");
				assert.match(error.message, message);
				assert.doesNotMatch(error.message, /\n/);
				return true;
			},
		);
	});
}

test("takes NULs and empty names where exactly what is written is to be sent", () => {
	assert.deepEqual(read('{"": "a\\u0000b"}', true), [["", "a\0b"]]);
});

test("says the line of bytes that are no text", () => {
	const bytes = Buffer.concat([Buffer.from("A=é\nB=ü\nC="), Buffer.of(0xe9)]);
	assert.throws(() => readParamsFile("x.env", bytes), /x\.env:3: .*not UTF-8/);
	const utf16 = Buffer.from('{"A": "1"}', "utf16le");
	assert.throws(() => readParamsFile("x", utf16), /x:1: there is a NUL/);
});

test("refuses a file by its length, before it is read", () => {
	refuseLongParamsFile("x", MAX_PARAMS_FILE_BYTES);
	assert.throws(
		() => refuseLongParamsFile("x", 2 ** 31),
		/x:1: more than 67108864 bytes/,
	);
});

test("reads a long file in a moment, whatever is in it", () => {
	const many = Array.from(
		{ length: 50_000 },
		(_, i) => `"N${i}": "${i}", // ${i}`,
	);
	assert.equal(read(`{${many.join("\n")}\n}`).length, 50_000);
	const long = "x\\n".repeat(1_000_000);
	assert.equal(read(`A="${long}"`)[0]?.[1].length, 2_000_000);
	assert.equal(
		read(`A=x${" ".repeat(1_000_000)}y #`)[0]?.[1].length,
		1_000_002,
	);
	assert.throws(() => read(`A="${long}`), /no closing/);
	assert.throws(() => read(`{"A": "${long}`), /closing quote/);
	assert.equal(read(`${"/*\n*/ ".repeat(300_000)}{}`).length, 0);
});

test("reads what JSON.stringify writes", () => {
	const text = fc.string({ unit: "grapheme" }).filter((one) => one !== "");
	fc.assert(
		fc.property(
			fc.dictionary(text, fc.string({ unit: "grapheme" })),
			(object) => {
				assert.deepEqual(
					read(JSON.stringify(object, null, 1), true),
					Object.entries(object),
				);
			},
		),
	);
});

test("never throws anything but its error", () => {
	const piece = fc.constantFrom(
		'"',
		"{",
		"}",
		":",
		",",
		"\\",
		"/",
		"*",
		"#",
		"=",
		"'",
		"\n",
		"A",
		"1",
		"null",
		"\0",
		"export ",
		"[",
		"-",
		".",
	);
	fc.assert(
		fc.property(
			fc.array(piece).map((all) => all.join("")),
			(text) => {
				try {
					read(text);
				} catch (error) {
					assert.ok(error instanceof FcgiInspectError);
				}
			},
		),
		{ numRuns: 2000 },
	);
});
