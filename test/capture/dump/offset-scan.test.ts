import assert from "node:assert/strict";
import { test } from "node:test";
import { findOffsetDump } from "../../../src/capture/dump/offset-scan.js";

const found = (...lines: readonly string[]) => {
	const dump = findOffsetDump(lines);
	return (
		dump && [dump.form.name, dump.radix, dump.reversed, dump.fastcgi].join(" ")
	);
};

const HEADER = "01 05 00 01 00 10 00 00 61 61 61 61 61 61 61 61";

test("offsets are counted in what makes them as far apart as the lines are long", () => {
	assert.equal(found(`0000000 ${HEADER}`, "0000020"), "od 8 false true");
	assert.equal(found(`0000000 ${HEADER}`, "0000016"), "od 10 false true");
	assert.equal(found(`0000000 ${HEADER}`, "0000010"), "od 16 false true");
	assert.equal(found(`0000000 ${HEADER}`, "0000015"), undefined);
});

test("words are in the order that makes headers", () => {
	const little = "0000000 0501 0100 0800 0000";
	const big = "0000000 0105 0001 0008 0000";
	assert.equal(found(little, "0000008"), "hexdump 16 true true");
	assert.equal(found(big, "0000008"), "hexdump 16 false true");
	assert.equal(found(little, "0000010"), "od 8 true true");
});

test("a dump of FastCGI comes before one of anything else, which is a dump all the same", () => {
	const other = [
		"00000000: 4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..",
		"00000010: 486f 7374 3a20 610d 0a0d 0a              Host: a....",
	];
	assert.equal(found(...other), "xxd 16 false false");
	const dump = `0000000 ${HEADER}`;
	assert.equal(found(...other, dump, "0000020"), "od 8 false true");
	assert.equal(found(other[1] as string), undefined);
});

test("a header may be in the middle of the bytes, if another one follows", () => {
	assert.equal(
		found(
			"00000000  61 61 01 05 00 01 00 00  00 00 01 05 00 01 00 00  |aa..............|",
			"00000010  00 00                                             |..|",
			"00000012",
		),
		"hexdump-C 16 false true",
	);
});

test("prose and numbers are no dump", () => {
	assert.equal(
		found("0000000 is where it starts", "0000010 is next"),
		undefined,
	);
	assert.equal(found("20260101 10 20 30", "20260102 11 21 31"), undefined);
	assert.equal(found("deadbeef: 0101 0001"), undefined);
});
