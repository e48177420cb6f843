import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
	bytes,
	count,
	day,
	duration,
	ends,
	palette,
	shortSize,
	timeOfDay,
	typeName,
	visible,
	visibleBytes,
	visibleEvidence,
	way,
} from "../../src/render/words.js";
import { connection } from "../support/events.js";

process.env.TZ = "UTC";

test("what must not reach a terminal becomes an escape that can be read", () => {
	const cases: readonly (readonly [traffic: string, shown: string])[] = [
		["plain text, 日本語, é", "plain text, 日本語, é"],
		["\x1b[31m", "\\x1b[31m"],
		["a\r\n\tb", "a\\r\\n\\tb"],
		["\x7f\x80\x9b", "\\x7f\\x80\\x9b"],
		["\u202egpj.exe\u2066", "\\u{202e}gpj.exe\\u{2066}"],
		["a\u200bb\u2028c\ufeff", "a\\u{200b}b\\u{2028}c\\u{feff}"],
		["\ud800 alone", "\\u{d800} alone"],
		["\u{e0041}", "\\u{e0041}"],
		["👍", "👍"],
	];
	for (const [traffic, shown] of cases) {
		assert.equal(visible(traffic), shown, JSON.stringify(traffic));
	}
});

test("a backslash is doubled only where it could be mistaken", () => {
	const cases: readonly (readonly [traffic: string, shown: string])[] = [
		["App\\Cart", "App\\Cart"],
		["C:\\", "C:\\"],
		["\\x1b", "\\\\x1b"],
		["\\xzz", "\\xzz"],
		["\\new", "\\\\new"],
		["\\\\", "\\\\\\\\"],
		["\\\x1b", "\\\\\\x1b"],
		["\\u{202e}", "\\\\u{202e}"],
	];
	for (const [traffic, shown] of cases) {
		assert.equal(visible(traffic), shown, JSON.stringify(traffic));
	}
});

test("every text can be told from what is shown of it", () => {
	const unit = fc.oneof(
		fc.constantFrom("\\", "n", "x", "1", "b", "u", "{", "2", "}", "\n", "\x1b"),
		fc.constantFrom("\u202e", "\ud800", "é", "\u{e0041}", "\u200b"),
	);
	fc.assert(
		fc.property(fc.string({ unit }), (text) => {
			assert.equal(read(visible(text)), text);
		}),
		{ numRuns: 2000 },
	);
});

function read(shown: string): string {
	const escapes: Readonly<Record<string, string>> = {
		"\\n": "\n",
		"\\r": "\r",
		"\\t": "\t",
		"\\\\": "\\",
	};
	return shown.replace(
		/\\(?:[nrt\\]|x([0-9a-f]{2})|u\{([0-9a-f]+)\})/g,
		(found, byte?: string, code?: string) =>
			escapes[found] ??
			String.fromCodePoint(Number.parseInt(byte ?? code ?? "", 16)),
	);
}

test("bytes that are not UTF-8 are shown as latin1", () => {
	assert.equal(visibleBytes(Buffer.from("Zoë")), "Zoë");
	assert.equal(visibleBytes(Buffer.from("Zoë", "latin1")), "Zoë");
	assert.equal(visibleBytes(Buffer.of(0xff, 0x85)), "ÿ\\x85");
});

test("counts agree with their nouns", () => {
	assert.equal(count(1, "record"), "1 record");
	assert.equal(count(0, "record"), "0 records");
	assert.equal(
		count(2, "fragment of it", "fragments of it"),
		"2 fragments of it",
	);
	assert.equal(bytes(1), "1 byte");
});

test("a short size has five characters at most", () => {
	const cases: readonly (readonly [number, string])[] = [
		[0, "0"],
		[9999, "9999"],
		[10_000, "10.0k"],
		[300_000, "300k"],
		[2_000_000, "2000k"],
		[20_000_000, "20.0M"],
		[5_000_000_000, "5000M"],
		[2 ** 53, "9007T"],
	];
	for (const [size, shown] of cases) assert.equal(shortSize(size), shown);
	fc.assert(
		fc.property(fc.maxSafeNat(), (size) => shortSize(size).length <= 5),
	);
});

test("a duration has the digits that matter", () => {
	const cases: readonly (readonly [number, string])[] = [
		[0, "0.000 ms"],
		[0.000123, "0.123 ms"],
		[0.0009999, "1.0 ms"],
		[0.0123, "12.3 ms"],
		[0.09999, "100 ms"],
		[0.9999, "1.000 s"],
		[1.5, "1.500 s"],
		[59.99999, "1 min 0 s"],
		[125, "2 min 5 s"],
		[179.9, "3 min 0 s"],
		[-0.002, "-2.0 ms"],
	];
	for (const [seconds, shown] of cases) {
		assert.equal(duration(seconds), shown, String(seconds));
	}
});

test("times of day and days are local, and no time is too odd for them", () => {
	assert.equal(timeOfDay(1_700_000_000.123), "22:13:20.123");
	assert.equal(day(1_700_000_000), "2023-11-14, UTC+00:00");
	for (const odd of [Number.NaN, 1e300, -1e300, Number.POSITIVE_INFINITY]) {
		assert.equal(timeOfDay(odd), "??:??:??");
		assert.equal(day(odd), "no date");
	}
});

test("the ends of a connection are named as far as they are known", () => {
	assert.equal(ends(connection(0)), "127.0.0.1:40000 > 127.0.0.1:9000");
	assert.equal(
		way(connection(0), "application"),
		"127.0.0.1:40000 < 127.0.0.1:9000",
	);
	const bare = { number: 3, startSeen: true };
	assert.equal(ends(bare), "connection 3");
	assert.equal(way(bare, "application"), "connection 3 <");
	assert.equal(
		ends({ ...bare, application: "/run/\x1b.sock" }),
		"web server > /run/\\x1b.sock",
	);
});

test("record types have short names, unknown ones too", () => {
	assert.equal(typeName(1), "BEGIN_REQUEST");
	assert.equal(typeName(77), "TYPE_77");
});

test("colour is put on only where it is asked for", () => {
	assert.equal(palette(false).error("no"), "no");
	assert.equal(palette(true).error("no"), "\x1b[1m\x1b[31mno\x1b[22m\x1b[39m");
	assert.equal(palette(false).error("no"), "no");
});

test("what evidence quotes is escaped once", () => {
	assert.equal(visibleEvidence('says "a\\n\\\\b"'), 'says "a\\n\\\\b"');
	assert.equal(visibleEvidence("a\x1b[2J\u202e"), visible("a\x1b[2J\u202e"));
});
