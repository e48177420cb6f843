// No input makes a scanner slow: the time for hostile bytes grows as their number does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, type Kind, recordOf, TYPES } from "./redacted.js";

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaab";
const JSON_HEAD = "Content-Type: application/json\n\n";

const HOSTILE: readonly [Kind, string, string, string][] = [
	...["=", "&", "%", "a", "password=&", "%7", "+"].map(
		(unit): [Kind, string, string, string] => ["stdin", FORM, "", unit],
	),
	...[
		'"',
		"\\",
		"[",
		"{",
		'{"sid":',
		'{"a":"\\',
		'"sid":["',
		"1",
		",",
		'\\"',
	].map((unit): [Kind, string, string, string] => [
		"stdin",
		"application/json",
		'{"a":',
		unit,
	]),
	...["\n", "\n--", `\n--${"a".repeat(27)}`, "-", "\r", "a"].map(
		(unit): [Kind, string, string, string] => ["stdin", MULTIPART, "", unit],
	),
	...["; name", ';name="', " ", "\n ", "Content-Disposition: a;\n"].map(
		(unit): [Kind, string, string, string] => [
			"stdin",
			MULTIPART,
			`--${"a".repeat(27)}b\r\n`,
			unit,
		],
	),
	...["a b", "\ra", " a\n", "a b\n", "Status:", "a:\ra", "Set-Cookie: a=,"].map(
		(unit): [Kind, string, string, string] => ["stdout", "", "A: b\n", unit],
	),
	...["connect(", "connect('", "'x',", "://", "://a:", '"token";s:1:"'].map(
		(unit): [Kind, string, string, string] => ["stderr", "", "", unit],
	),
	...["http", "  HTTP_", "HTTP_COOKIE"].map(
		(unit): [Kind, string, string, string] => ["params", "", "", unit],
	),
	...["a", ":", "\n", "\r", "a:", "a:\n", "a:?", "Cookie:=;", " \n"].map(
		(unit): [Kind, string, string, string] => ["stdout", "", "A: b\n", unit],
	),
	["stdout", "", JSON_HEAD, '"'],
	...["=", ":", '"', "a", "sid=", "sid='", "token=>\n", "a ", "\\"].map(
		(unit): [Kind, string, string, string] => ["stderr", "", "", unit],
	),
	...["\0\0", "\x01\x01aa", "\x01\x7fa", "\x80\0\0\x01\x01ab"].map(
		(unit): [Kind, string, string, string] => ["params", "", "", unit],
	),
	...["?", "%", "=", "://", "?a=", ":"].map(
		(unit): [Kind, string, string, string] => [
			"params",
			"",
			"\x01\xff\xff\xff\xffa",
			unit,
		],
	),
];

/** Processor time, in microseconds, of that many bytes in records as long as they get. */
function timeOf(
	[kind, type, start, unit]: readonly [Kind, string, string, string],
	bytes: number,
): number {
	const redactor = begun(type === "" ? undefined : type);
	const content = unit.repeat(Math.ceil(65_535 / unit.length)).slice(0, 65_535);
	const record = recordOf(kind, content);
	if (start !== "") redactor.redact(recordOf(kind, start), TYPES[kind][1]);
	const before = process.cpuUsage();
	for (let done = 0; done < bytes; done += content.length) {
		redactor.redact(record, TYPES[kind][1]);
	}
	const { user, system } = process.cpuUsage(before);
	return user + system;
}

const MB = 1_000_000;

for (const hostile of HOSTILE) {
	const [kind, type, start, unit] = hostile;
	test(`${kind} (${type}) of ${JSON.stringify(unit.slice(0, 20))} behind ${JSON.stringify(start.slice(0, 20))}`, () => {
		timeOf(hostile, MB);
		const little = Math.min(timeOf(hostile, MB), timeOf(hostile, MB));
		const much = timeOf(hostile, 10 * MB);
		// Ten times as much may take ten times as long; quadratic work would take a hundred times. Short times are noise.
		assert.ok(
			much < 30 * Math.max(little, 5000),
			`1 MB takes ${little} µs, 10 MB take ${much} µs`,
		);
	});
}
